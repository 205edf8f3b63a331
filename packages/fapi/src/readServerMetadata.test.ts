import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { answering, errorOf } from '../test/answering.js'
import { readProtectedResource } from './readProtectedResource.js'
import { readServerMetadata } from './readServerMetadata.js'
import { useMtlsEndpoints } from './useMtlsEndpoints.js'

const config = { appId: 'app', issuer: 'https://id.example.com/tenant' } as const
const now = 1_700_000_000_000
const body = { issuer: config.issuer, pushed_authorization_request_endpoint: 'https://id.example.com/par' }

describe('readServerMetadata', () => {
  it.each([
    ['oidc', 'https://id.example.com/tenant/.well-known/openid-configuration'],
    ['oauth', 'https://id.example.com/.well-known/oauth-authorization-server/tenant'],
  ] as const)('asks where %s keeps its document', async (kind, url) => {
    const { fetch, sent } = answering({ body })
    expect(await readServerMetadata(config, { kind, fetch })).toEqual(body)
    expect(sent.map((one) => one.url)).toEqual([url])
  })

  // RFC 8414 section 3.1 takes off a slash at the end of a path, too; so does OpenID Connect Discovery section 4.1.
  it.each(['', '/', '/tenant', '/tenant/', '/a/b/'])(
    'asks for an issuer with the path %j where oauth4webapi does',
    async (path) => {
      const issuer = `https://id.example.com${path}`
      const { fetch, sent } = answering({ body: { issuer } })
      for (const kind of ['oidc', 'oauth'] as const) {
        await readServerMetadata({ issuer }, { kind, fetch })
        await oauth.discoveryRequest(new URL(issuer), {
          algorithm: kind === 'oidc' ? 'oidc' : 'oauth2',
          [oauth.customFetch]: fetch as never,
        })
      }
      const [ours, theirs] = [0, 1].map((from) => sent.map(({ url }) => url).filter((_, at) => at % 2 === from))
      expect(ours).toEqual(theirs)
    },
  )

  it('refuses a document about another issuer, be it by one slash', async () => {
    for (const issuer of [`${config.issuer}/`, 'https://evil.example', undefined]) {
      const { fetch } = answering({ body: { ...body, issuer } })
      expect(await errorOf(() => readServerMetadata(config, { fetch }))).toMatchObject({ reason: 'issuer' })
    }
  })

  it('asks over https only, and http on this machine where that is allowed', async () => {
    const { fetch, sent } = answering({ body })
    for (const issuer of ['http://id.example.com', 'id.example.com', 'https://id.example.com/#x', 'http://127.0.0.1:1'])
      expect(await errorOf(() => readServerMetadata({ issuer }, { fetch }))).toMatchObject({
        code: 'config_invalid',
        issues: [{ path: 'issuer' }],
      })
    expect(sent).toHaveLength(0)
    const issuer = 'http://127.0.0.1:1'
    const here = answering({ body: { issuer } })
    expect(await readServerMetadata({ issuer, allowInsecureRequests: true }, { fetch: here.fetch })).toEqual({ issuer })
  })

  it('keeps the document for an hour, and takes none from a store that is too old, of the future or of another', async () => {
    const store = new Map<string, unknown>()
    const { fetch, sent } = answering({ body })
    const read = async (time: number) => readServerMetadata(config, { fetch, store, now: time })
    await read(now)
    await read(now + 3_599_000)
    expect(sent).toHaveLength(1)
    await read(now + 3_601_000)
    expect(sent).toHaveLength(2)
    await read(now)
    expect(sent).toHaveLength(3)
    const [key] = [...store.keys()]
    store.set(key!, { at: now / 1000, value: { issuer: 'https://evil.example' } })
    await read(now)
    expect(sent).toHaveLength(4)
  })
})

describe('a store that is down', () => {
  const down = async () => Promise.reject(new Error('redis://user:password@10.0.0.1 is down'))
  it.each<[string, object]>([
    ['reading', { get: down, set: () => undefined }],
    ['writing', { get: () => undefined, set: down }],
    ['both', { get: down, set: down }],
    [
      'at once',
      {
        get: () => {
          throw new Error('down')
        },
        set: () => {
          throw new Error('down')
        },
      },
    ],
    ['it is none', {}],
    [
      'it never answers',
      { get: async () => new Promise(() => undefined), set: async () => new Promise(() => undefined) },
    ],
    ['it gives odd times', { get: () => ({ at: { toString: 1 }, value: body }), set: () => undefined }],
  ])('keeps nobody from the metadata: %s', async (_, store) => {
    const { fetch, sent } = answering({ body })
    const own = { ...config, timeout: 20 }
    expect(await readServerMetadata(own, { fetch, store: store as never })).toEqual(body)
    expect(sent).toHaveLength(1)
  })
})

describe('a signal', () => {
  it('ends the waiting for a store that never answers', async () => {
    const stop = new AbortController()
    const store = {
      get: async () => {
        stop.abort('why')
        return new Promise(() => undefined)
      },
      set: () => undefined,
    }
    const { fetch } = answering({ body })
    expect(await errorOf(async () => readServerMetadata(config, { fetch, store, signal: stop.signal }))).toMatchObject({
      code: 'aborted',
      cause: 'why',
    })
  })
})

describe('useMtlsEndpoints (RFC 8705 section 5)', () => {
  it('changes nothing where the provider has no such addresses, and never its arguments', () => {
    const own = Object.freeze({ ...config, endpoints: { token: 'https://id.example.com/token' } })
    expect(useMtlsEndpoints(own, body)).toEqual({ config: own, metadata: body })
    const metadata = Object.freeze({
      ...body,
      mtls_endpoint_aliases: { token_endpoint: 'https://mtls.example.com/token' },
    })
    expect(useMtlsEndpoints(own, metadata).config.endpoints).toEqual({ token: 'https://mtls.example.com/token' })
    expect(own.endpoints.token).toBe('https://id.example.com/token')
  })

  it('takes no address from another provider', () => {
    for (const metadata of [
      { issuer: 'https://b.example.com', mtls_endpoint_aliases: { token_endpoint: 'https://b.example.com/token' } },
      { ...body, issuer: `${config.issuer}/` },
      {},
    ])
      expect(() => useMtlsEndpoints(config, metadata as never)).toThrow(
        expect.objectContaining({ code: 'argument_invalid', argument: 'metadata' }),
      )
  })
})

describe('readProtectedResource (RFC 9728)', () => {
  const resource = 'https://api.example.com/orders'
  const about = { resource, authorization_servers: [config.issuer], scopes_supported: ['orders:read'] }

  it('asks the API itself, in front of its path', async () => {
    const { fetch, sent } = answering({ body: about })
    expect(await readProtectedResource(config, resource, { fetch })).toEqual(about)
    expect(sent[0]!.url).toBe('https://api.example.com/.well-known/oauth-protected-resource/orders')
  })

  // RFC 9728 section 3.1: only the slash directly behind the host goes; oauth4webapi is asked for the same.
  it.each([
    ['https://api.example.com', '/.well-known/oauth-protected-resource'],
    ['https://api.example.com/', '/.well-known/oauth-protected-resource'],
    ['https://api.example.com/?tenant=1', '/.well-known/oauth-protected-resource?tenant=1'],
    ['https://api.example.com/orders', '/.well-known/oauth-protected-resource/orders'],
    ['https://api.example.com/orders/', '/.well-known/oauth-protected-resource/orders/'],
    ['https://api.example.com/a/orders/?x=1', '/.well-known/oauth-protected-resource/a/orders/?x=1'],
  ])('asks for %s at %s, as oauth4webapi does', async (api, path) => {
    const { fetch, sent } = answering({ body: { resource: api } })
    await readProtectedResource({}, api, { fetch })
    await oauth.resourceDiscoveryRequest(new URL(api), { [oauth.customFetch]: fetch as never })
    expect(sent.map(({ url }) => url)).toEqual(Array(2).fill(`https://api.example.com${path}`))
  })

  it.each([
    ['another API', { resource: `${resource}/` }],
    ['no API', { resource: undefined }],
    ['issuers without ours', { authorization_servers: ['https://evil.example'] }],
    ['issuers that are no list', { authorization_servers: config.issuer }],
  ])('refuses a document that names %s', async (_, change) => {
    const { fetch } = answering({ body: { ...about, ...change } })
    expect(await errorOf(() => readProtectedResource(config, resource, { fetch }))).toMatchObject({ reason: 'issuer' })
  })

  it('takes any issuer where the config names none, and none where it names one wrongly', async () => {
    const { fetch, sent } = answering({ body: about })
    expect(await readProtectedResource({}, resource, { fetch })).toEqual(about)
    for (const wrong of [{ issuer: '' }, { issuer: null }, { appHost: '' }])
      expect(await errorOf(() => readProtectedResource(wrong as never, resource, { fetch }))).toMatchObject({
        code: 'config_invalid',
      })
    expect(sent).toHaveLength(1)
  })

  it('asks over https only', async () => {
    const { fetch, sent } = answering({ body: about })
    expect(await errorOf(() => readProtectedResource(config, 'http://api.example.com', { fetch }))).toMatchObject({
      argument: 'resource',
    })
    expect(sent).toEqual([])
  })
})

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

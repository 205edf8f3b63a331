import { afterEach, describe, expect, it, vi } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { fakeFetch, json } from '../../../tests/support/tokens.js'
import { discover, type DiscoverOptions } from './discover.js'

const issuer = 'https://id.example.com'
const appId = 'app'
const now = 1_800_000_000
const metadata = (changes: object = {}) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize?tenant=1`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: 'https://api.example.com/userinfo',
  jwks_uri: `${issuer}/keys`,
  introspection_endpoint: `${issuer}/introspect`,
  revocation_endpoint: `${issuer}/revoke`,
  end_session_endpoint: `${issuer}/end`,
  id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
  registration_endpoint: 'javascript:alert(1)',
  ...changes,
})
const run = async (document: unknown, input: object = {}, options: DiscoverOptions = {}) => {
  const { fetch, calls } = fakeFetch(() => document)
  const config = await discover({ appId, issuer, ...input }, { fetch, now: now * 1000, ...options })
  return { config, calls }
}
const refused = async (document: unknown, input: object = {}, options: DiscoverOptions = {}) =>
  (await failure(() => run(document, input, options), 'response_invalid')).reason

describe('discover', () => {
  it("reads the provider's endpoints from its well-known document [H75]", async () => {
    const { config, calls } = await run(metadata())
    expect(calls.map(({ method, url }) => `${method} ${url.href}`)).toEqual([
      `GET ${issuer}/.well-known/openid-configuration`,
    ])
    expect(config).toMatchObject({
      appId,
      issuer,
      requireIss: false,
      endpoints: {
        authorization: `${issuer}/authorize?tenant=1`,
        token: `${issuer}/token`,
        userInfo: 'https://api.example.com/userinfo',
        jwks: `${issuer}/keys`,
        introspection: `${issuer}/introspect`,
        revocation: `${issuer}/revoke`,
        endSession: `${issuer}/end`,
      },
    })
    expect(Object.isFrozen(config) && Object.isFrozen(config.endpoints)).toBe(true)
  })

  it("finds GenAuth's own by the host", async () => {
    const host = 'https://sample-app.genauth.ai'
    const { calls, config } = await run(metadata({ issuer: `${host}/oidc` }), {
      issuer: `${host}/oidc`,
      appHost: `${host}/`,
    })
    expect(calls[0]?.url.href).toBe(`${host}/oidc/.well-known/openid-configuration`)
    expect(config).toMatchObject({ appHost: host, issuer: `${host}/oidc` })
    const { fetch } = fakeFetch(() => metadata({ issuer: `${host}/oidc` }))
    expect(await discover({ appId, appHost: host }, { fetch })).toMatchObject({ issuer: `${host}/oidc` })
  })

  it('puts no second slash before the path of an issuer that ends in one', async () => {
    const { calls, config } = await run(metadata({ issuer: `${issuer}/` }), { issuer: `${issuer}/` })
    expect(calls[0]?.url.href).toBe(`${issuer}/.well-known/openid-configuration`)
    expect(config.issuer).toBe(`${issuer}/`)
    expect((await run(metadata({ issuer: `${issuer}/a/b` }), { issuer: `${issuer}/a/b` })).calls[0]?.url.pathname).toBe(
      '/a/b/.well-known/openid-configuration',
    )
  })

  it('lets what the input names win', async () => {
    const endpoints = { token: 'https://proxy.example.com/token' }
    const { config } = await run(metadata({ authorization_response_iss_parameter_supported: true }), {
      endpoints,
      requireIss: false,
    })
    expect(config.endpoints).toMatchObject({ ...endpoints, jwks: `${issuer}/keys` })
    expect(config.requireIss).toBe(false)
  })

  it('takes an endpoint that is undefined, say from the environment, for one that is not named', async () => {
    const endpoints = { introspection: undefined, token: 'https://proxy.example.com/token' }
    const { config } = await run(metadata(), { endpoints })
    expect(config.endpoints).toMatchObject({
      introspection: `${issuer}/introspect`,
      token: 'https://proxy.example.com/token',
    })
  })

  it('never widens the list of algorithms [D44]', async () => {
    expect((await run(metadata())).config.idTokenSigningAlgs).toBeUndefined()
    expect((await run(metadata(), { idTokenSigningAlgs: ['ES256'] })).config.idTokenSigningAlgs).toEqual(['ES256'])
  })

  it('requires iss in callbacks when the provider promises it [B19]', async () => {
    const promise = 'authorization_response_iss_parameter_supported'
    expect((await run(metadata({ [promise]: true }))).config.requireIss).toBe(true)
    for (const no of [false, 'true', 1, null, undefined])
      expect((await run(metadata({ [promise]: no }))).config.requireIss).toBe(false)
  })

  it('guesses no endpoint that the document lacks, and keeps unknown members out [H77]', async () => {
    const { config } = await run({ issuer, jwks_uri: `${issuer}/keys`, x_unknown: { a: 1 } })
    expect(config.endpoints).toEqual({ jwks: `${issuer}/keys` })
    expect(JSON.stringify(config)).not.toContain('x_unknown')
  })

  it('checks the input before it asks anybody', async () => {
    const { fetch, calls } = fakeFetch(() => metadata())
    for (const input of [
      undefined,
      null,
      {},
      { appId },
      { appId, issuer: 'http://id.example.com' },
      { appId, issuer, x: 1 },
    ])
      await failure(() => discover(input as never, { fetch }), 'config_invalid')
    expect(calls).toHaveLength(0)
  })

  it.each([undefined, null, 5, 'text'])('takes %s for options', async (options) => {
    const { fetch } = fakeFetch(() => metadata())
    await discover({ appId, issuer, fetch }, options as never)
  })
})

describe('a discovery document is refused', () => {
  it.each([
    `${issuer}/`,
    'https://ID.example.com',
    'https://id.example.com:443',
    'http://id.example.com',
    'https://evil.example.com',
    '',
  ])('when it speaks of another issuer, %j, be it by one slash [H75]', async (other) => {
    expect(await refused(metadata({ issuer: other }))).toBe('issuer')
  })

  it.each([undefined, null, 5, [issuer], {}])('when its issuer is %j', async (other) => {
    expect(await refused(metadata({ issuer: other }))).toBe('shape')
  })

  const members = ['authorization', 'token', 'userinfo', 'introspection', 'revocation', 'end_session'].map(
    (name) => `${name}_endpoint`,
  )
  it.each([...members, 'jwks_uri'])('when its %s is not to be trusted [H77]', async (member) => {
    for (const value of [
      'http://id.example.com/x',
      'http://localhost/x',
      '/x',
      '',
      'javascript:alert(1)',
      'https://user:password@id.example.com/x',
      'https://id.example.com/#x',
      5,
      null,
      [`${issuer}/x`],
      {},
    ])
      expect(await refused(metadata({ [member]: value })), JSON.stringify(value)).toBe('shape')
  })

  it('unless it is on this machine and that is allowed', async () => {
    const local = 'http://127.0.0.1:3000/oidc'
    const document = { issuer: local, token_endpoint: `${local}/token` }
    const { config } = await run(document, { issuer: local, allowInsecureRequests: true })
    expect(config.endpoints?.token).toBe(`${local}/token`)
    await failure(() => run(document, { issuer: local }), 'config_invalid')
    expect(
      await refused(
        { ...document, token_endpoint: 'http://id.example.com/token' },
        { issuer: local, allowInsecureRequests: true },
      ),
    ).toBe('shape')
  })

  it.each([
    ['not found', () => json('no', 404), 'status'],
    ['a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } }), 'content_type'],
    ['a list', () => json([]), 'shape'],
    ['no JSON', () => json('{'), 'json'],
    ['moved', () => new Response(null, { status: 301, headers: { location: '/' } }), 'redirect'],
    ['1 MiB and more', () => json(metadata({ x: 'x'.repeat(1 << 20) })), 'too_large'],
  ] as const)('when it is %s [H82]', async (_, answer, reason) => {
    expect(await refused(answer())).toBe(reason)
  })

  it('with an error that names the member and no address', async () => {
    const error = await failure(() => run(metadata({ token_endpoint: 'http://evil.example.com/' })), 'response_invalid')
    expect(error).toMatchObject({ endpoint: 'discovery', status: 200 })
    expect(error.message).toContain('token_endpoint')
    expect(error.message).not.toContain('evil')
  })
})

describe('a store of metadata', () => {
  const key = `genauth-oidc:metadata:${issuer}`
  const other = metadata({ token_endpoint: 'https://stored.example.com/token' })
  const asked = async (kept: unknown, document: unknown = metadata()) => {
    const store = new Map<string, unknown>(kept === undefined ? [] : [[key, kept]])
    const { calls, config } = await run(document, {}, { store })
    return { calls: calls.length, token: config.endpoints?.token, store }
  }

  it('keeps what was found, and spares the next call its request', async () => {
    const { calls, store } = await asked(undefined)
    expect(calls).toBe(1)
    expect(JSON.parse(JSON.stringify(store.get(key)))).toEqual({ at: now, value: metadata() })
    expect((await run(metadata(), {}, { store })).calls).toHaveLength(0)
  })

  it.each([0, 1, 3599])('is believed for an hour: %d seconds old', async (age) => {
    expect(await asked({ at: now - age, value: other })).toMatchObject({
      calls: 0,
      token: 'https://stored.example.com/token',
    })
  })

  it.each([
    ['too old', { at: now - 3601, value: other }],
    ['from the future', { at: now + 1, value: other }],
    ['without a time', { value: other }],
    ['with a time that is none', { at: NaN, value: other }],
    ['with a time of another kind', { at: String(now - 10), value: other }],
    ['without a value', { at: now }],
    ['with a list for a value', { at: now, value: [other] }],
    ['null', null],
    ['a text', 'stored'],
    ['a list', [other]],
    ['a number', 5],
  ])('is not believed when what it gives is %s [R32]', async (_, kept) => {
    expect(await asked(kept)).toMatchObject({ calls: 1, token: `${issuer}/token` })
  })

  it('is judged like an answer of the provider [R32]', async () => {
    for (const value of [
      metadata({ issuer: 'https://evil.example.com' }),
      metadata({ token_endpoint: 'http://evil.example.com' }),
    ]) {
      const error = await failure(() => asked({ at: now, value }), 'response_invalid')
      expect(error).toMatchObject({ endpoint: 'discovery', status: 0 })
    }
  })

  it('may be asynchronous, as a KV namespace is', async () => {
    const map = new Map<string, unknown>()
    const store = {
      get: (name: string) => Promise.resolve(map.get(name)),
      set: (name: string, value: unknown) => Promise.resolve(map.set(name, JSON.parse(JSON.stringify(value)))),
    }
    await run(metadata(), {}, { store })
    expect((await run(metadata(), {}, { store })).calls).toHaveLength(0)
  })

  it('keeps no document that was refused', async () => {
    const store = new Map<string, unknown>()
    await failure(() => run(metadata({ issuer: 'https://evil.example.com' }), {}, { store }))
    expect(store.size).toBe(0)
  })

  it('that fails is no reason to fail: the provider is asked', async () => {
    const broken = () => Promise.reject(new Error('the store is down'))
    const thrown = () => {
      throw new Error('the store is down')
    }
    for (const store of [{ get: broken, set: broken }, { get: thrown, set: thrown }, {}, 5, 'store'])
      expect((await run(metadata(), {}, { store: store as never })).config.issuer).toBe(issuer)
  })

  describe('that does not answer', () => {
    const never = () => new Promise(() => {})
    const stores = [
      ['get', { get: never, set: () => {} }, 0],
      ['set', { get: () => undefined, set: never }, 1],
    ] as const
    afterEach(() => void vi.useRealTimers())

    it.each(stores)('to %s is waited for as long as the time limit says', async (_, store, asked) => {
      for (const [timeout, wait] of [
        [200, 200],
        [undefined, 10_000],
        [0, 10_000],
      ] as const) {
        vi.useFakeTimers()
        const { fetch, calls } = fakeFetch(() => metadata())
        let config: unknown
        void discover({ appId, issuer, fetch, timeout }, { store }).then((found) => (config = found))
        await vi.advanceTimersByTimeAsync(wait - 10)
        expect(calls).toHaveLength(asked)
        expect(config).toBeUndefined()
        await vi.advanceTimersByTimeAsync(20)
        expect(config).toMatchObject({ issuer })
        expect(calls).toHaveLength(1)
        expect(vi.getTimerCount()).toBe(0)
      }
    })

    it('to get lets go when the signal fires, and nobody is asked then', async () => {
      const { fetch, calls } = fakeFetch(() => metadata())
      const controller = new AbortController()
      const reason = new Error('the user left')
      const store = { get: never, set: never }
      const running = failure(() => discover({ appId, issuer, fetch }, { store, signal: controller.signal }), 'aborted')
      controller.abort(reason)
      const error = await running
      expect(error).toMatchObject({ endpoint: 'discovery', cause: reason, mayHaveArrived: false, retryable: true })
      expect(calls).toHaveLength(0)
    })

    it('to set lets go when the signal fires: what was found is there', async () => {
      const { fetch } = fakeFetch(() => metadata())
      const controller = new AbortController()
      const set = () => {
        controller.abort()
        return never()
      }
      const store = { get: () => undefined, set }
      expect(await discover({ appId, issuer, fetch }, { store, signal: controller.signal })).toMatchObject({ issuer })
    })

    it('is not asked for one whose signal fired before', async () => {
      const store = new Map([[key, { at: now, value: metadata() }]])
      await failure(() => run(metadata(), {}, { store, signal: AbortSignal.abort() }), 'aborted')
    })
  })
})

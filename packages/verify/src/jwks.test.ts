import type { JsonWebKey } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { JsonStore, OidcConfig } from '@genauth-oidc/core/types'
import {
  appId,
  base64url,
  fakeFetch,
  idClaims,
  issuer,
  json,
  jwksFetch,
  jwt,
  keyOf,
  nonce,
  now,
  type Claims,
  type TestKey,
} from '../../../tests/support/tokens.js'
import type { VerifyOptions } from './types.js'
import { verifyIdToken } from './verifyIdToken.js'

const first = keyOf('RS256', 'first')
const second = keyOf('RS256', 'second')
const elliptic = keyOf('ES256', 'elliptic')
const sign = (key: TestKey = first, header?: Claims, iss = issuer) =>
  jwt(idClaims({ iss, exp: now + 100_000 }), { alg: key.alg, key, header })

const configFor = (fetch: OidcConfig['fetch'], iss = issuer) =>
  ({
    appId,
    issuer: iss,
    endpoints: { jwks: `${iss}/jwks` },
    idTokenSigningAlgs: ['RS256', 'ES256'],
    fetch,
  }) as const satisfies OidcConfig

const verify = (other: OidcConfig, token: string, seconds = 0, options?: VerifyOptions) =>
  verifyIdToken(other, token, { nonce }, { now: (now + seconds) * 1000, ...options })
const good = (judged: Promise<unknown>) => expect(judged).resolves.toMatchObject({ sub: expect.any(String) as string })
const refused = (check: string) => ({ name: 'OidcError', code: 'token_invalid', check })

/** A provider whose keys can change and which can be down. */
function provider(...initial: TestKey[]) {
  const state = { keys: initial.map(({ jwk }) => jwk as JsonWebKey), down: false }
  const { fetch, calls } = fakeFetch(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (state.down) throw new TypeError('down')
    return { keys: state.keys }
  })
  return { state, calls, fetch, config: configFor(fetch) }
}

const [, payload = '', signature = ''] = sign().split('.')
/** A token whose key nobody knows, so that its signature is never looked at. */
const unknown = (id: number) =>
  [base64url({ alg: 'RS256', typ: 'JWT', kid: `unknown-${id}` }), payload, signature].join('.')
const settle = (judged: Promise<unknown>[]) => Promise.allSettled(judged)

describe('the keys of a provider [R33] [H79] [H80]', () => {
  it('are fetched once for 1 000 parallel first checks', async () => {
    const { config, calls } = provider(first)
    const token = sign()
    const results = await settle(Array.from({ length: 1000 }, () => verify(config, token)))
    expect(results.every(({ status }) => status === 'fulfilled')).toBe(true)
    expect(calls).toHaveLength(1)
    await good(verify(config, token, 10))
    expect(calls).toHaveLength(1)
  })

  it('are fetched once even when every check comes with a copy of the config', async () => {
    const { config, calls } = provider(first)
    await settle(Array.from({ length: 50 }, () => verify({ ...config }, sign())))
    expect(calls).toHaveLength(1)
  })

  it('are fetched once more in 30 s for 10 000 tokens with unknown key ids', async () => {
    const { config, calls } = provider(first)
    await good(verify(config, sign()))
    expect(calls).toHaveLength(1)
    const tokens = Array.from({ length: 10_000 }, (_, id) => unknown(id))
    for (let from = 0; from < tokens.length; from += 1000) {
      const results = await settle(
        tokens.slice(from, from + 1000).map((token) => verify(config, token, 1 + from / 400)),
      )
      expect(
        results.every((result) => result.status === 'rejected' && (result.reason as Claims)['check'] === 'key'),
      ).toBe(true)
    }
    expect(calls).toHaveLength(2)
    await expect(verify(config, unknown(1), 30.9)).rejects.toMatchObject(refused('key'))
    expect(calls).toHaveLength(2)
    await expect(verify(config, unknown(1), 31)).rejects.toMatchObject(refused('key'))
    expect(calls).toHaveLength(3)
    await good(verify(config, sign(), 31))
    expect(calls).toHaveLength(3)
  })

  it('are fetched again at once when a key was rotated right after the first fetch', async () => {
    const { config, calls, state } = provider(first)
    await good(verify(config, sign()))
    state.keys = [second.jwk]
    await good(verify(config, sign(second), 1))
    expect(calls).toHaveLength(2)
    await expect(verify(config, sign(first), 2)).rejects.toMatchObject(refused('key'))
    expect(calls).toHaveLength(2)
  })

  it('are fetched again at once when a key was rotated right after they were renewed for their age', async () => {
    const { config, calls, state } = provider(first)
    await good(verify(config, sign()))
    await good(verify(config, sign(), 400))
    state.keys = [second.jwk]
    await good(verify(config, sign(second), 401))
    expect(calls).toHaveLength(3)
  })

  it('may be rotated between the first fetch and the check that caused it', async () => {
    const { config, calls, state } = provider(first)
    await expect(verify(config, sign(second))).rejects.toMatchObject(refused('key'))
    state.keys = [second.jwk]
    await good(verify(config, sign(second)))
    expect(calls).toHaveLength(2)
  })

  it('are fresh for 5 minutes', async () => {
    const { config, calls } = provider(first)
    await good(verify(config, sign()))
    await good(verify(config, sign(), 299))
    expect(calls).toHaveLength(1)
    await good(verify(config, sign(), 300))
    expect(calls).toHaveLength(2)
  })

  it('stay good for a bounded time when the server is down, those that are known', async () => {
    const { config, calls, state } = provider(first)
    await good(verify(config, sign()))
    state.down = true
    await good(verify(config, sign(), 301))
    await expect(verify(config, sign(second), 400)).rejects.toMatchObject({ code: 'network', endpoint: 'jwks' })
    await good(verify(config, sign(), 599))
    expect(calls.length).toBeGreaterThan(1)
    await expect(verify(config, sign(), 601)).rejects.toMatchObject({ code: 'network', endpoint: 'jwks' })
    state.down = false
    await good(verify(config, sign(), 602))
  })

  it('are asked for once in a second when the server is down, be it for a flood of unknown key ids', async () => {
    const { config, calls, state } = provider(first)
    await good(verify(config, sign()))
    state.down = true
    for (let id = 0; id < 100; id++)
      // Nobody knows whether such a token is good: it is not called bad.
      await expect(verify(config, unknown(id), 1 + id / 200)).rejects.toMatchObject({ code: 'network' })
    expect(calls).toHaveLength(2)
    for (let id = 0; id < 100; id++) await good(verify(config, sign(), 400 + id / 200))
    expect(calls).toHaveLength(3)
    state.down = false
    state.keys = [second.jwk]
    await good(verify(config, sign(second), 401.6))
  })

  it('are asked for once in a second when the server takes its time to fail', async () => {
    let time = now * 1000
    const { fetch, calls } = fakeFetch(() => {
      if (calls.length > 1) {
        time += 10_000
        throw new TypeError('down')
      }
      return { keys: [first.jwk] }
    })
    const clock = () => time
    await good(verifyIdToken(configFor(fetch), sign(), { nonce }, { now: clock }))
    time += 301_000
    for (let i = 0; i < 5; i++) await good(verifyIdToken(configFor(fetch), sign(), { nonce }, { now: clock }))
    expect(calls).toHaveLength(2)
  })

  it('are asked for at once for a new key id, though the fetch before the last one failed', async () => {
    const { config, state } = provider(first)
    state.down = true
    await expect(verify(config, sign())).rejects.toMatchObject({ code: 'network' })
    state.down = false
    await good(verify(config, sign(), 0.3))
    state.keys = [first.jwk, second.jwk]
    await good(verify(config, sign(second), 0.6))
  })

  it('are not refused to one config for what is wrong with another', async () => {
    const keys = { now: now * 1000 }
    const { fetch } = jwksFetch(first)
    const local = { ...configFor(fetch), endpoints: { jwks: 'http://localhost:3000/jwks' } } as const
    const right = { ...local, allowInsecureRequests: true } as const
    await good(verifyIdToken(right, sign(), { nonce }, keys))
    await expect(verifyIdToken(local, unknown(1), { nonce }, keys)).rejects.toMatchObject({ code: 'config_invalid' })
    await expect(verifyIdToken(right, unknown(1), { nonce }, keys)).rejects.toMatchObject(refused('key'))
  })

  it('that a server withdrew are gone after the next fetch', async () => {
    const { config, state } = provider(first)
    await good(verify(config, sign()))
    state.keys = [second.jwk]
    await expect(verify(config, sign(), 301)).rejects.toMatchObject(refused('key'))
  })

  it('are asked for again after a failure, which is not remembered', async () => {
    const { config, calls, state } = provider(first)
    state.down = true
    const waiting = await settle(Array.from({ length: 20 }, () => verify(config, sign())))
    expect(waiting.every(({ status }) => status === 'rejected')).toBe(true)
    expect(calls).toHaveLength(1)
    state.down = false
    await good(verify(config, sign(), 1.001))
  })

  it.each<[string, () => unknown, object]>([
    ['an error', () => json({ error: 'server_error' }, 500), { code: 'endpoint_error', endpoint: 'jwks', status: 500 }],
    ['a page', () => new Response('<p>', { headers: { 'content-type': 'text/html' } }), { reason: 'content_type' }],
    ['no JSON', () => json('{"keys":'), { reason: 'json' }],
    ['a list', () => json([]), { reason: 'shape' }],
    ['no keys', () => json({}), { reason: 'shape' }],
    ['keys that are no list', () => json({ keys: {} }), { reason: 'shape' }],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
      { reason: 'redirect' },
    ],
    ['over 1 MiB', () => json({ keys: [], padding: 'x'.repeat(1 << 20) }), { reason: 'too_large' }],
  ])('are not %s [H82]', async (_, answer, expected) => {
    const { fetch } = fakeFetch(answer)
    await expect(verify(configFor(fetch), sign())).rejects.toMatchObject({ name: 'OidcError', ...expected })
  })

  it('may come as application/jwk-set+json, with members that are no keys', async () => {
    const { fetch } = fakeFetch(() =>
      json({ keys: [null, 1, 'key', [], {}, first.jwk], more: 1 }, 200, { 'content-type': 'application/jwk-set+json' }),
    )
    await good(verify(configFor(fetch), sign()))
  })

  it('are never asked from where a token says [D50] [H83]', async () => {
    const { config, calls } = provider(first)
    const evil = keyOf('RS256', 'evil')
    const header = { jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x5u', jwk: evil.jwk, kid: 'first' }
    await expect(verify(config, sign(evil, header))).rejects.toMatchObject(refused('signature'))
    expect(calls.map(({ url }) => url.href)).toEqual([`${issuer}/jwks`])
  })

  it('are asked for where a caller without types hands in null as options', async () => {
    const fetch = jwksFetch(first).fetch
    const other = { ...configFor(fetch), clockTolerance: 300 }
    const seconds = Math.floor(Date.now() / 1000)
    const token = jwt(idClaims({ iss: issuer, iat: seconds, exp: seconds + 60 }), { alg: 'RS256', key: first })
    await good(verifyIdToken(other, token, { nonce }, null as never))
  })

  it('are asked for without the caller’s headers and credentials', async () => {
    const { config, calls } = provider(first)
    await good(verify({ ...config, secret: 'the-app-secret-of-32-characters-or-more' }, sign()))
    expect(Object.keys(calls[0]?.headers ?? {})).toEqual(['accept'])
    expect(calls[0]?.url.search).toBe('')
  })
})

describe('waiting for keys', () => {
  it('ends for the one whose signal fires, and goes on for the others', async () => {
    const { config, calls } = provider(first)
    const controller = new AbortController()
    const reason = new Error('the user left')
    const left = verify(config, sign(), 0, { signal: controller.signal })
    const stayed = [verify(config, sign()), verify(config, sign(), 0, { signal: new AbortController().signal })]
    setTimeout(() => controller.abort(reason), 0)
    await expect(left).rejects.toMatchObject({ code: 'aborted', cause: reason })
    await Promise.all(stayed.map(good))
    expect(calls).toHaveLength(1)
  })

  it('that somebody gave up does not keep others from a new key', async () => {
    const { config, state } = provider(first)
    await good(verify(config, sign()))
    state.keys = [second.jwk]
    const left = verify(config, sign(second), 1, { signal: AbortSignal.abort() })
    await expect(left).rejects.toMatchObject({ code: 'aborted' })
    await good(verify(config, sign(second), 1))
  })

  it('does not begin with a signal that has fired', async () => {
    const { config } = provider(first)
    await expect(verify(config, sign(), 0, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
  })
})

describe('on Cloudflare Workers [R33]', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('no request waits for another’s: only what was fetched is shared', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
    const { config, calls } = provider(first)
    await Promise.all(Array.from({ length: 10 }, () => good(verify(config, sign()))))
    expect(calls).toHaveLength(10)
    await Promise.all(Array.from({ length: 10 }, () => good(verify(config, sign()))))
    expect(calls).toHaveLength(10)
  })

  it('a request’s own signal ends its own fetch', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
    const { config } = provider(first)
    const controller = new AbortController()
    const left = verify(config, sign(), 0, { signal: controller.signal })
    const stayed = verify(config, sign())
    controller.abort(new Error('gone'))
    await expect(left).rejects.toMatchObject({ code: 'aborted' })
    await good(stayed)
  })

  it('is told from other runtimes', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Node.js/22' })
    const { config, calls } = provider(first)
    await Promise.all(Array.from({ length: 10 }, () => good(verify(config, sign()))))
    expect(calls).toHaveLength(1)
    vi.stubGlobal('navigator', undefined)
    const bare = provider(first)
    await good(verify(bare.config, sign()))
  })
})

describe('the cache in memory [R32]', () => {
  it('belongs to the fetch that filled it, and to the issuer and address', async () => {
    const one = provider(first)
    const other = provider(first)
    await good(verify(one.config, sign()))
    await good(verify(other.config, sign()))
    expect([one.calls.length, other.calls.length]).toEqual([1, 1])
    await good(verify({ ...one.config, endpoints: { jwks: `${issuer}/other` } }, sign()))
    expect(one.calls).toHaveLength(2)
    const iss = 'https://second.example'
    await good(verify(configFor(one.fetch, iss), sign(first, {}, iss)))
    expect(one.calls).toHaveLength(3)
  })

  it('gives the keys of one issuer to no other, though they share the fetch', async () => {
    const { fetch } = fakeFetch(({ url }) => ({ keys: [(url.host.startsWith('a') ? first : second).jwk] }))
    const [a, b] = ['https://a.example', 'https://b.example'] as const
    await good(verify(configFor(fetch, a), sign(first, {}, a)))
    await good(verify(configFor(fetch, b), sign(second, {}, b)))
    await expect(verify(configFor(fetch, b), sign(first, {}, b))).rejects.toMatchObject(refused('key'))
  })

  it('gives the keys of one address to no other, though both configs name the issuer: a tenant names what it likes', async () => {
    const { fetch, calls } = fakeFetch(({ url }) => ({ keys: [(url.host === 'evil.example' ? second : first).jwk] }))
    const tenant = (changes: object) =>
      ({ appId, issuer, fetch, idTokenSigningAlgs: ['RS256'], ...changes }) as unknown as OidcConfig
    const evil = [
      tenant({ appHost: 'https://evil.example' }),
      tenant({ endpoints: { jwks: 'https://evil.example/jwks' } }),
      tenant({ appHost: 'https://evil.example', endpoints: {} }),
    ]
    const honest = tenant({ appHost: 'https://sample-app.genauth.ai' })
    for (const one of evil) await good(verify(one, sign(second)))
    await expect(verify(honest, sign(second))).rejects.toMatchObject(refused('key'))
    await good(verify(honest, sign(first)))
    for (const one of evil) await expect(verify(one, sign(first), 40)).rejects.toMatchObject(refused('key'))
    expect(new Set(calls.map(({ url }) => url.href)).size).toBe(3)
  })

  it('keeps 50 providers, and forgets the one that was not used for longest', async () => {
    const { fetch, calls } = jwksFetch(first)
    const check = (id: number) => {
      const iss = `https://id-${id}.example`
      return good(verify(configFor(fetch, iss), sign(first, {}, iss)))
    }
    for (let id = 0; id < 50; id++) await check(id)
    for (let id = 0; id < 50; id++) await check(id)
    expect(calls).toHaveLength(50)
    await check(50)
    expect(calls).toHaveLength(51)
    await check(49)
    expect(calls).toHaveLength(51)
    await check(0)
    expect(calls).toHaveLength(52)
  })
})

describe('a store of the caller [R32]', () => {
  /** Keeps text, as Redis does, behind an asynchronous interface of parsed values, as unstorage does. */
  const redis = () => {
    const texts = new Map<string, string>()
    const store: JsonStore = {
      get: async (key) => {
        await new Promise((resolve) => setTimeout(resolve, 1))
        const text = texts.get(key)
        return text === undefined ? null : (JSON.parse(text) as unknown)
      },
      set: async (key, value) => {
        await new Promise((resolve) => setTimeout(resolve, 1))
        texts.set(key, JSON.stringify(value))
      },
    }
    return { store, texts }
  }
  /** As a KV namespace: what was written may be read late. */
  const kv = () => {
    const values = new Map<string, string>()
    const store: JsonStore = {
      get: async (key) => JSON.parse(values.get(key) ?? 'null') as unknown,
      set: async (key, value) => {
        setTimeout(() => values.set(key, JSON.stringify(value)), 5)
      },
    }
    return store
  }

  /** A second isolate: the same modules, with a memory of their own. */
  const isolate = async () => {
    vi.resetModules()
    return (await import('./verifyIdToken.js')).verifyIdToken
  }

  it.each<[string, () => JsonStore]>([
    ['a Map', () => new Map<string, unknown>()],
    ['Redis', () => redis().store],
    ['a KV namespace', kv],
  ])('shares keys across isolates: %s', async (_, make) => {
    const store = make()
    const { config, calls } = provider(first)
    const options = { now: now * 1000, jwks: store }
    await good((await isolate())(config, sign(), { nonce }, options))
    await new Promise((resolve) => setTimeout(resolve, 10))
    await good((await isolate())({ ...config }, sign(), { nonce }, options))
    expect(calls).toHaveLength(1)
    // Without it each isolate asks for itself.
    await good((await isolate())(config, sign(), { nonce }, { now: now * 1000 }))
    expect(calls).toHaveLength(2)
  })

  it('shares the pause after an unknown key id, too', async () => {
    const { store } = redis()
    const { config, calls } = provider(first)
    const options = { now: now * 1000, jwks: store }
    await good((await isolate())(config, sign(), { nonce }, options))
    for (let id = 0; id < 5; id++)
      await expect((await isolate())(config, unknown(id), { nonce }, options)).rejects.toMatchObject({ check: 'key' })
    expect(calls).toHaveLength(2)
  })

  it('is asked once for parallel checks that need a fetch', async () => {
    const { store } = redis()
    const { config, calls } = provider(first)
    await Promise.all(Array.from({ length: 100 }, () => good(verify(config, sign(), 0, { jwks: store }))))
    expect(calls).toHaveLength(1)
  })

  it('that is slow to show what was written takes no key away [R34]', async () => {
    const { config, calls, state } = provider(first)
    let kept: unknown = { at: now - 10, keys: [first.jwk] }
    const wait = () => new Promise((resolve) => setTimeout(resolve, 1))
    const jwks: JsonStore = {
      get: async () => {
        const was = kept
        await wait()
        return was
      },
      set: async (_, value) => {
        await wait()
        kept = value
      },
    }
    state.keys = [first.jwk, second.jwk]
    const keys = [first, second]
    await Promise.all(
      Array.from({ length: 200 }, async (_, id) => {
        if (id % 20 == 0) await wait()
        await good(verify(config, sign(keys[id % 2]), 0, { jwks }))
      }),
    )
    expect(calls).toHaveLength(1)
  })

  it('that takes nothing is asked for a key that nobody knows, and the provider once in 30 s [R33]', async () => {
    const { config, calls } = provider(first)
    const jwks: JsonStore = { get: () => ({ at: now, keys: [first.jwk] }), set: () => undefined }
    for (let id = 0; id < 10; id++)
      await expect(verify(config, unknown(id), 1 + id, { jwks })).rejects.toMatchObject(refused('key'))
    expect(calls).toHaveLength(1)
  })

  it('that goes down leaves each process with what it saw there last', async () => {
    const { config, calls } = provider(first)
    let down = false
    const jwks: JsonStore = {
      get: () => {
        if (down) throw new Error('the store is down')
        return { at: now, keys: [first.jwk] }
      },
      set: () => undefined,
    }
    await good(verify(config, sign(), 0, { jwks }))
    down = true
    await good(verify(config, sign(), 1, { jwks }))
    expect(calls).toHaveLength(0)
    await good(verify(config, sign(), 601, { jwks }))
    expect(calls).toHaveLength(1)
  })

  it('that never answers holds nobody whose signal fires', async () => {
    const { config, calls } = provider(first)
    const hung = () => new Promise<never>(() => {})
    for (const jwks of [
      { get: hung, set: () => undefined },
      { get: () => undefined, set: hung },
    ]) {
      const leaving = new AbortController()
      const judged = verify(config, sign(), 0, { jwks, signal: leaving.signal })
      setTimeout(() => leaving.abort(), 20)
      await expect(judged).rejects.toMatchObject({ code: 'aborted', endpoint: 'jwks' })
    }
    expect(calls).toHaveLength(1)
  })

  it('that takes its time to store is waited for by nobody but the one who has fetched', async () => {
    const { config, calls } = provider(first)
    const jwks = { get: () => undefined, set: () => new Promise<never>(() => {}) }
    void verify(config, sign(), 0, { jwks })
    for (let i = 0; i < 3; i++) await Promise.resolve()
    await Promise.all([good(verify(config, sign(), 0, { jwks })), good(verify(config, sign(), 0, { jwks }))])
    expect(calls).toHaveLength(1)
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the store is down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('the store is down'))],
  ])('that %s is no reason to fail: the provider is asked, once', async (_, down) => {
    const { config, calls } = provider(first)
    const store: JsonStore = { get: down, set: down }
    await good(verify(config, sign(), 0, { jwks: store }))
    await good(verify(config, sign(), 1, { jwks: store }))
    for (let id = 0; id < 5; id++)
      await expect(verify(config, unknown(id), 2, { jwks: store })).rejects.toMatchObject(refused('key'))
    expect(calls).toHaveLength(2)
  })

  const stored = (value: unknown): JsonStore => ({ get: () => value, set: () => undefined })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', '{"keys":[]}'],
    ['a number', 7],
    ['a list', [first.jwk]],
    ['an empty object', {}],
    ['no time', { keys: [second.jwk] }],
    ['a time that is null', { at: null, keys: [second.jwk] }],
    ['a time that is text', { at: String(now), keys: [second.jwk] }],
    ['a time that is no number', { at: NaN, keys: [second.jwk] }],
    ['a time in the future', { at: now + 1, keys: [second.jwk] }],
    ['a time over ten minutes ago', { at: now - 600, keys: [second.jwk] }],
    ['no keys', { at: now }],
    ['keys that are no list', { at: now, keys: { 0: second.jwk } }],
    ['keys that are null', { at: now, keys: null }],
    ['a key that is no object', { at: now, keys: [null] }],
  ])('that gives back %s is not believed: the provider is asked', async (_, value) => {
    const { config, calls } = provider(first)
    await good(verify(config, sign(), 0, { jwks: stored(value) }))
    expect(calls).toHaveLength(1)
    await expect(verify(config, sign(second), 0, { jwks: stored(value) })).rejects.toMatchObject(refused('key'))
  })

  it('that gives back keys of the last ten minutes serves when the server is down, and not for longer', async () => {
    const { config, state } = provider(first)
    state.down = true
    await good(verify(config, sign(), 0, { jwks: stored({ at: now - 599, keys: [first.jwk] }) }))
    const old = { jwks: stored({ at: now - 600, keys: [first.jwk] }) }
    await expect(verify(config, sign(), 0, old)).rejects.toMatchObject({ code: 'network' })
  })

  it('that gives back keys unfit for use gives none: they are judged like the provider’s', async () => {
    const { config } = provider(first)
    const weak = keyOf('RS256', 'weak', 1024)
    const privateJwk = { ...second.privateKey.export({ format: 'jwk' }), kid: second.kid }
    for (const [key, jwk] of [[weak, weak.jwk] as const, [second, privateJwk] as const])
      await expect(verify(config, sign(key), 0, { jwks: stored({ at: now, keys: [jwk] }) })).rejects.toMatchObject(
        refused('key'),
      )
  })
})

describe('the choice of a key [R34] [H78] [H81]', () => {
  const publicJwk = (key: TestKey, changes: object = {}) => ({ ...key.jwk, ...changes }) as JsonWebKey
  const secretJwk = first.privateKey.export({ format: 'jwk' })
  const without = (jwk: JsonWebKey, ...names: string[]) =>
    Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name))) as JsonWebKey
  const decoys: JsonWebKey[] = [
    publicJwk(elliptic, { kid: 'first' }),
    publicJwk(keyOf('EdDSA'), { kid: 'first' }),
    publicJwk(second, { kid: 'first', use: 'enc' }),
    publicJwk(second, { kid: 'first', use: ['sig'] }),
    publicJwk(second, { kid: 'first', use: { toString: 1 } }),
    publicJwk(second, { kid: 'first', key_ops: { includes: 1 } }),
    publicJwk(second, { kid: 'first', kty: { toString: 1 } }),
    publicJwk(second, { kid: 'first', alg: 'RS512' }),
    publicJwk(second, { kid: 'first', alg: 'RSA-OAEP' }),
    publicJwk(second, { kid: 'first', key_ops: ['encrypt'] }),
    { kty: 'oct', kid: 'first', k: 'AAAA' },
    publicJwk(second),
  ]

  it.each<[string, JsonWebKey[], TestKey?, Claims?]>([
    ['one of many, by kid', [publicJwk(second), publicJwk(first)]],
    ['among decoys of the same kid', [...decoys, publicJwk(first)]],
    ['among decoys of the same kid, in another order', [publicJwk(first), ...decoys]],
    ['the only one of its kind, without a kid', [publicJwk(elliptic), publicJwk(first)], first, { kid: undefined }],
    ['one without kid, alg and use', [without(first.jwk, 'kid', 'alg', 'use')], first, { kid: undefined }],
    ['one that may verify', [publicJwk(first, { key_ops: ['verify'] })]],
    [
      'one of the right curve',
      [publicJwk(keyOf('ES384'), { kid: 'elliptic', alg: 'ES256' }), publicJwk(elliptic)],
      elliptic,
    ],
    ['one with further members', [publicJwk(first, { x5c: ['MII'], x5t: 'abc', iat: 1, ext: false })]],
  ])('finds %s', async (_, keys, key = first, header) => {
    await good(verify(configFor(jwksFetch(...keys).fetch), sign(key, header)))
  })

  it.each<[string, JsonWebKey[], TestKey?, Claims?]>([
    ['an empty set', []],
    ['only decoys', decoys],
    ['two of the same kid', [publicJwk(first), publicJwk(second, { kid: 'first' })]],
    ['the same one twice', [publicJwk(first), publicJwk(first)]],
    ['two of its kind, without a kid', [publicJwk(first), publicJwk(second)], first, { kid: undefined }],
    ['one without a kid for a token with one', [without(first.jwk, 'kid')]],
    ['a kid of another case', [publicJwk(first, { kid: 'FIRST' })]],
    ['a kid that is a number', [publicJwk(first, { kid: 1 })], first, { kid: '1' }],
    ['a kid that is null', [publicJwk(first)], first, { kid: null }],
    ['one for encryption', [publicJwk(first, { use: 'enc' })]],
    ['one of another use', [publicJwk(first, { use: '' })]],
    ['one that may not verify', [publicJwk(first, { key_ops: ['sign'] })]],
    ['one that may do nothing', [publicJwk(first, { key_ops: [] })]],
    ['one for another algorithm', [publicJwk(first, { alg: 'RS384' })]],
    ['one for the other padding', [publicJwk(first, { alg: 'PS256' })]],
    ['one of another curve', [publicJwk(keyOf('ES384'), { kid: 'elliptic', alg: undefined })], elliptic],
    ['a private one', [{ ...secretJwk, kid: 'first' }]],
    ['one with the private exponent', [publicJwk(first, { d: secretJwk.d })]],
    ['one with its prime factors', [publicJwk(first, { p: secretJwk.p, q: secretJwk.q })]],
    ['a symmetric one', [{ kty: 'oct', kid: 'first', k: 'AAAA', alg: 'RS256' }]],
    ['one of 1024 bits', [keyOf('RS256', 'weak', 1024).jwk], keyOf('RS256', 'weak', 1024)],
    ['one of 2040 bits', [keyOf('RS256', 'almost', 2040).jwk], keyOf('RS256', 'almost', 2040)],
    ['one over 8192 bits', [publicJwk(first, { n: `x${'A'.repeat(1366)}B` })]],
    ['one that is broken', [publicJwk(first, { n: '' })]],
    ['one without a modulus', [without(first.jwk, 'n')]],
    ['a point that is not on the curve', [publicJwk(elliptic, { y: elliptic.jwk.x })], elliptic],
    ['a curve that is none', [publicJwk(elliptic, { crv: 'P-257' })], elliptic],
    ['a key type that is none', [publicJwk(first, { kty: 'rsa' })]],
  ])('refuses %s', async (_, keys, key = first, header) => {
    await expect(verify(configFor(jwksFetch(...keys).fetch), sign(key, header))).rejects.toMatchObject(refused('key'))
  })

  it.each(['ECDH-ES', 'ES256', 'RS256', ''])('takes no Ed25519 key that is for %j', async (alg) => {
    const key = keyOf('EdDSA')
    const other = { ...configFor(jwksFetch({ ...key.jwk, alg }).fetch), idTokenSigningAlgs: ['EdDSA'] } as const
    await expect(verify(other, sign(key))).rejects.toMatchObject(refused('key'))
  })

  it.each(['EdDSA', 'Ed25519'])('takes an Ed25519 key under both names of the algorithm: %s', async (alg) => {
    const key = keyOf('EdDSA')
    const other = {
      ...configFor(jwksFetch({ ...key.jwk, alg }).fetch),
      idTokenSigningAlgs: ['EdDSA', 'Ed25519'],
    } as const
    for (const name of other.idTokenSigningAlgs) await good(verify(other, jwt(idClaims(), { alg: name, key })))
  })

  it('is made for the algorithm of each token: a key at hand for one is none for another', async () => {
    const jwk = without(first.jwk, 'alg')
    const { fetch, calls } = jwksFetch(jwk)
    const algs = ['RS256', 'RS384', 'PS256'] as const
    const other = { ...configFor(fetch), idTokenSigningAlgs: algs }
    for (const alg of [...algs, ...algs]) await good(verify(other, jwt(idClaims(), { alg, key: first })))
    for (const [said, done] of [['RS384', 'RS256'] as const, ['PS256', 'RS256'] as const, ['RS256', 'PS256'] as const])
      await expect(
        verify(other, jwt(idClaims(), { alg: done, key: first, header: { alg: said } })),
      ).rejects.toMatchObject(refused('signature'))
    await expect(verify(other, jwt(idClaims(), { alg: 'RS512', key: first }))).rejects.toMatchObject(refused('alg'))
    expect(calls).toHaveLength(1)
  })

  it('takes RSA keys over 2048 bits', async () => {
    const key = keyOf('RS256', 'long', 3072)
    await good(verify(configFor(jwksFetch(key).fetch), sign(key)))
  })

  it('makes one key of many ready, and once', async () => {
    const imported = vi.spyOn(crypto.subtle, 'importKey')
    const many = Array.from({ length: 5000 }, (_, id) => publicJwk(second, { kid: `k${id}`, n: 'AQAB' }))
    const other = configFor(jwksFetch(...many, first).fetch)
    await good(verify(other, sign()))
    for (let i = 0; i < 10; i++) await good(verify(other, sign()))
    expect(imported).toHaveBeenCalledTimes(1)
    imported.mockRestore()
  })
})

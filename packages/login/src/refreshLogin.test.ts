import { afterEach, describe, expect, it, vi } from 'vitest'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { refreshAnswer } from '../../../tests/support/samples.js'
import {
  appId,
  at,
  base64url,
  config,
  fakeFetch,
  halfHash,
  idClaims,
  issuer,
  json,
  jwt,
  keyOf,
  now,
  payloadOf,
  subject,
  type Call,
  type Claims,
} from '../../../tests/support/tokens.js'
import { refreshLogin, type RefreshableLogin, type RefreshOptions } from './refreshLogin.js'

const first: RefreshableLogin = {
  tokens: { refresh_token: 'rt-1', access_token: 'at-1', id_token: 'id-1', expires_at: now - 10 },
  claims: { iss: issuer, sub: subject, aud: appId },
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const refreshed = (changes: Claims = {}): Claims => idClaims({ nonce: undefined, ...changes })

/** A server that rotates: a refresh token that comes twice burns its family. */
function server(claims: Claims = {}, changes: Claims = {}) {
  let current = 'rt-1'
  let count = 1
  const { fetch, calls } = fakeFetch(async ({ form }) => {
    // Longer than a busy machine takes to start all who ask at the same time.
    await wait(30)
    if (form.get('refresh_token') !== current) {
      current = 'burnt'
      return json({ error: 'invalid_grant' }, 400)
    }
    current = `rt-${++count}`
    return {
      access_token: `at-${count}`,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: current,
      id_token: jwt(refreshed(claims)),
      ...changes,
    }
  })
  return { config: { ...config, fetch } as const, calls }
}

/** Where an application keeps a login that all its processes read. */
function storage(initial: RefreshableLogin = first) {
  const state = { login: initial }
  return {
    state,
    read: async () => {
      await wait(1)
      return state.login
    },
    save: async (next: RefreshableLogin) => {
      await wait(1)
      state.login = next
    },
  }
}

/** A lock for all processes: one after the other, by name. */
function locks() {
  const tails = new Map<string, Promise<unknown>>()
  const names: string[] = []
  const lock = <T>(name: string, run: () => Promise<T>): Promise<T> => {
    names.push(name)
    const turn = (tails.get(name) ?? Promise.resolve()).then(run, run)
    tails.set(
      name,
      turn.catch(() => undefined),
    )
    return turn
  }
  return { lock, names }
}

/** As another process would be: the same module, loaded again with a memory of its own. */
const process = async () => {
  vi.resetModules()
  return (await import('./refreshLogin.js')).refreshLogin
}

afterEach(() => vi.unstubAllGlobals())

describe('a refresh', () => {
  it('sends the token once and gives the login with new tokens', async () => {
    const { config, calls } = server()
    const next = await refreshLogin(config, { ...first, appState: '/x' }, at())
    expect(calls.map(({ form }) => [form.get('grant_type'), form.get('refresh_token')])).toEqual([
      ['refresh_token', 'rt-1'],
    ])
    expect(next).toMatchObject({
      tokens: { access_token: 'at-2', refresh_token: 'rt-2', expires_at: now + 3600 },
      claims: { sub: subject, iss: issuer },
      appState: '/x',
    })
  })

  it('starts from the least that fits a cookie [R27]', async () => {
    const { config } = server()
    const least = { tokens: { refresh_token: 'rt-1' }, claims: { iss: issuer, sub: subject, aud: appId } }
    const next = await refreshLogin(config, JSON.parse(JSON.stringify(least)) as RefreshableLogin, at())
    expect(next.tokens.refresh_token).toBe('rt-2')
    // And its result is a start again.
    await expect(refreshLogin(config, next, at())).resolves.toMatchObject({ tokens: { refresh_token: 'rt-3' } })
  })

  it('keeps what the answer leaves out: refresh token, ID token, claims [R26] [G69]', async () => {
    const { config } = server({}, { refresh_token: undefined, id_token: undefined })
    const next = await refreshLogin(config, first, at())
    expect(next).toMatchObject({ tokens: { refresh_token: 'rt-1', id_token: 'id-1' }, claims: first.claims })
  })

  it.each<[string, Claims, Claims, string?]>([
    ['the same user', {}, {}],
    ['another user', {}, { sub: 'mallory' }, 'sub'],
    ['another issuer', {}, { iss: 'https://evil.example/oidc' }, 'iss'],
    ['another audience', {}, { aud: 'another-app' }, 'aud'],
    ['the audience as a list', {}, { aud: [appId] }],
    ['the same audiences', { aud: [appId, 'api'], azp: appId }, { aud: ['api', appId], azp: appId }],
    ['an audience less', { aud: [appId, 'api'], azp: appId }, { aud: appId, azp: appId }, 'aud'],
    ['an audience more', {}, { aud: [appId, 'api'], azp: appId }, 'aud'],
    ['the same party', { azp: appId }, { azp: appId }],
    ['no party any more', { azp: appId }, {}, 'azp'],
    ['another party', {}, { azp: 'another-app' }, 'azp'],
    ['the same sign-in', { auth_time: now - 900 }, { auth_time: now - 900 }],
    ['another sign-in', { auth_time: now - 900 }, { auth_time: now - 899 }, 'auth_time'],
    ['no sign-in any more', { auth_time: now - 900 }, {}, 'auth_time'],
    ['the same nonce', { nonce: 'n' }, { nonce: 'n' }],
    ['no nonce', { nonce: 'n' }, {}],
    ['another nonce', { nonce: 'n' }, { nonce: 'm' }, 'nonce'],
    ['an old ID token', {}, { iat: now - 631 }, 'iat'],
    ['an access token’s hash', {}, { at_hash: halfHash('at-2') }],
    ['another access token’s hash', {}, { at_hash: halfHash('at-1') }, 'at_hash'],
    ['an access token for an ID token', {}, { scope: 'openid' }, 'purpose'],
  ])('that gives an ID token of %s [R26] [G70]', async (_, was, is, check) => {
    const { config } = server(is)
    const judged = refreshLogin(config, { ...first, claims: { ...first.claims, ...was } }, at())
    if (check) await expect(judged).rejects.toMatchObject({ code: 'token_invalid', check })
    else await expect(judged).resolves.toMatchObject({ tokens: { refresh_token: 'rt-2' } })
  })

  it('checks the new ID token’s signature, or by choice not', async () => {
    const forged = { id_token: jwt(refreshed(), { secret: 'x'.repeat(40) }) }
    const save = vi.fn()
    await expect(refreshLogin(server({}, forged).config, first, { ...at(), save })).rejects.toMatchObject({
      check: 'signature',
    })
    expect(save).not.toHaveBeenCalled()
    const direct = { ...at(), save, idToken: 'direct' } as const
    await expect(refreshLogin(server({}, forged).config, first, direct)).resolves.toBeTruthy()
    expect(save).toHaveBeenCalledTimes(1)
  })

  it('checks it with the provider’s keys, from a store if one is given', async () => {
    const key = keyOf('RS256')
    const { fetch, calls } = fakeFetch(({ method }: Call) =>
      method === 'GET'
        ? { keys: [key.jwk] }
        : { access_token: 'at', token_type: 'Bearer', id_token: jwt(refreshed(), { alg: 'RS256' }) },
    )
    const other = { ...config, fetch, idTokenSigningAlgs: ['RS256'] } as const
    const jwks = new Map<string, unknown>()
    for (let i = 0; i < 2; i++) await refreshLogin(other, first, { ...at(), jwks })
    expect(calls.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST'])
  })

  it('keeps the new tokens where the provider’s keys can’t be had, and the ID token that was checked before', async () => {
    for (const [answer, passes] of [
      [() => json({}, 503), true],
      // Rotated, and shown late.
      [() => ({ keys: [] }), true],
      [() => ({ keys: [keyOf('RS256', 'another').jwk] }), true],
      [() => ({ keys: [{ ...keyOf('RS256', 'another').jwk, kid: 'RS256-key' }] }), false],
    ] as const) {
      const { fetch } = fakeFetch(({ method }: Call) =>
        method === 'GET'
          ? answer()
          : {
              access_token: 'at-2',
              token_type: 'Bearer',
              refresh_token: 'rt-2',
              expires_in: 60,
              id_token: jwt(refreshed(), { alg: 'RS256' }),
            },
      )
      const save = vi.fn()
      const renewed = refreshLogin({ ...config, fetch, idTokenSigningAlgs: ['RS256'] }, first, { ...at(), save })
      if (!passes) {
        await expect(renewed).rejects.toMatchObject({ code: 'token_invalid' })
        expect(save).not.toHaveBeenCalled()
        continue
      }
      const next = await renewed
      expect(next.tokens).toMatchObject({
        access_token: 'at-2',
        refresh_token: 'rt-2',
        expires_at: now + 60,
        id_token: 'id-1',
        claims: first.claims,
      })
      expect(next.claims).toEqual(first.claims)
      expect(save).toHaveBeenCalledExactlyOnceWith(next)
    }
  })

  it('keeps the new tokens where the store of the keys never answers', async () => {
    const real = globalThis.setTimeout
    // Ten seconds, for this test a moment.
    const set = vi
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation(((run: () => void, ms: number) => real(run, ms == 10_000 ? 20 : ms)) as never)
    const { fetch } = fakeFetch(() => ({
      access_token: 'at-2',
      token_type: 'Bearer',
      refresh_token: 'rt-2',
      id_token: jwt(refreshed(), { alg: 'RS256' }),
    }))
    const save = vi.fn()
    const jwks = { get: () => new Promise<never>(() => {}), set: () => {} }
    const provider = { ...config, fetch, idTokenSigningAlgs: ['RS256'] } as const
    const next = await refreshLogin(provider, first, { ...at(), jwks, save })
    set.mockRestore()
    expect(next).toMatchObject({ tokens: { refresh_token: 'rt-2', id_token: 'id-1' }, claims: first.claims })
    expect(save).toHaveBeenCalledTimes(1)
    // Nor is the next one held up.
    await expect(refreshLogin(provider, first, { ...at(), idToken: 'direct' })).resolves.toBeTruthy()
  })

  it('asks nobody where the new ID token could never be checked: the old token would be spent', async () => {
    const { config, calls } = server()
    const { secret: _, ...open } = config
    const public_ = { ...open, tokenEndpointAuthMethod: 'none', idTokenSigningAlgs: ['HS256'] } as const
    await expect(refreshLogin(public_, first, at())).rejects.toMatchObject({ argument: 'idToken' })
    expect(calls).toHaveLength(0)
    await expect(refreshLogin(public_, first, { ...at(), idToken: 'direct' })).resolves.toBeTruthy()
  })

  it('asks nobody for a caller who has left already', async () => {
    const { config, calls } = server()
    const reason = new Error('gone')
    await expect(refreshLogin(config, first, { ...at(), signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      code: 'aborted',
      mayHaveArrived: false,
      cause: reason,
    })
    expect(calls).toHaveLength(0)
  })

  it('judges the login each time that it is read', async () => {
    const { config, calls } = server()
    const foreign = { ...first, claims: { ...first.claims, iss: 'https://other.example/oidc' } }
    const logins = [first, foreign]
    await expect(refreshLogin(config, () => logins.shift()!, at())).rejects.toMatchObject({ argument: 'login' })
    expect(calls).toHaveLength(0)
  })

  it('tells a dead token from another failure [R26] [G71]', async () => {
    const answers: [() => unknown, object][] = [
      [() => json({ error: 'invalid_grant' }, 400), { code: 'endpoint_error', error: 'invalid_grant' }],
      [() => json({ error: 'server_error' }, 503), { code: 'endpoint_error', error: 'server_error' }],
      [
        () => {
          throw new TypeError('down')
        },
        { code: 'network', mayHaveArrived: true, retryable: false },
      ],
    ]
    for (const [answer, expected] of answers) {
      const { fetch, calls } = fakeFetch(answer)
      await expect(refreshLogin({ ...config, fetch }, first, at())).rejects.toMatchObject(expected)
      expect(calls).toHaveLength(1)
    }
  })

  it.each<[string, unknown]>([
    ['no login', undefined],
    ['null', null],
    ['no tokens', { claims: first.claims }],
    ['no refresh token', { ...first, tokens: {} }],
    ['an empty refresh token', { ...first, tokens: { refresh_token: '' } }],
    ['a refresh token that is no text', { ...first, tokens: { refresh_token: ['rt-1'] } }],
    ['no claims', { tokens: first.tokens }],
    ['a login of another provider', { ...first, claims: { ...first.claims, iss: 'https://evil.example/oidc' } }],
    ['a login of another application', { ...first, claims: { ...first.claims, aud: 'another-app' } }],
  ])('sends nothing for %s [G74]', async (_, login) => {
    const { config, calls } = server()
    for (const source of [login, () => login])
      await expect(refreshLogin(config, source as never, at())).rejects.toMatchObject({ code: 'argument_invalid' })
    expect(calls).toHaveLength(0)
  })

  it('may be run with options that are null', async () => {
    const { config } = server({ iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 60 })
    await expect(refreshLogin(config, first, null as never)).resolves.toMatchObject({ claims: { sub: subject } })
  })

  it('is none of another protocol', async () => {
    const { config, calls } = server()
    await expect(
      refreshLogin({ ...config, issuer, protocol: 'oauth' } as unknown as OidcConfig, first, at()),
    ).rejects.toMatchObject({
      code: 'config_invalid',
    })
    expect(calls).toHaveLength(0)
  })
})

describe('the refresh of GenAuth’s own documentation', () => {
  const sample = {
    appId: '5f17a529f64fb009b794a2ff',
    appHost: 'https://oidc1.authing.cn',
    idTokenSigningAlgs: ['HS256'],
  } as const
  const login: RefreshableLogin = {
    tokens: { refresh_token: 'before' },
    claims: { iss: 'https://oidc1.authing.cn/oidc', sub: '5ff701d846b9203e2f6ac6f3', aud: sample.appId },
  }
  const refresh = (changes: Claims = {}, options: RefreshOptions = {}) => {
    const [header = '', payload = '', signature = ''] = refreshAnswer.id_token.split('.')
    const claims =
      Object.keys(changes).length > 0 ? base64url({ ...payloadOf(refreshAnswer.id_token), ...changes }) : payload
    const { fetch } = fakeFetch(() => ({ ...refreshAnswer, id_token: [header, claims, signature].join('.') }))
    return refreshLogin({ ...sample, fetch }, login, {
      now: 1_614_091_500_000,
      idToken: 'direct',
      ...options,
    })
  }

  it('passes at level direct, at the time of its tokens', async () => {
    await expect(refresh()).resolves.toMatchObject({
      tokens: { refresh_token: refreshAnswer.refresh_token, expires_at: 1_614_091_500 + 3600 },
      claims: { KEY: 'VALUE' },
    })
  })

  it.each<[string, Claims]>([
    ['iss', { iss: 'https://oidc1.authing.cn' }],
    ['sub', { sub: 'mallory' }],
    ['aud', { aud: 'another' }],
    ['exp', { exp: 1_614_091_400 }],
    ['iat', { iat: 1_614_090_000 }],
    ['at_hash', { at_hash: halfHash('x') }],
  ])('does not pass with %s changed', async (name, changes) => {
    await expect(refresh(changes)).rejects.toMatchObject({ code: 'token_invalid', check: name })
  })

  it('does not pass at level signed', async () => {
    await expect(refresh({}, { idToken: 'signed' })).rejects.toMatchObject({ argument: 'idToken' })
  })
})

describe('refreshes that meet [R27] [G72]', () => {
  it('in one process make one request, and all get its result', async () => {
    const { config, calls } = server()
    const save = vi.fn(() => wait(1))
    const all = await Promise.all(
      Array.from({ length: 50 }, () => refreshLogin(config, { ...first }, { ...at(), save })),
    )
    expect(calls).toHaveLength(1)
    expect(save).toHaveBeenCalledTimes(1)
    expect(new Set(all.map(({ tokens }) => tokens.refresh_token))).toEqual(new Set(['rt-2']))
  })

  it('in one process share a failure, which is not kept', async () => {
    let down = true
    const { fetch, calls } = fakeFetch(async () => {
      await wait(1)
      if (down) throw new TypeError('down')
      return { access_token: 'at', token_type: 'Bearer' }
    })
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, () => refreshLogin({ ...config, fetch }, first, at())),
    )
    expect(all.every(({ status }) => status === 'rejected')).toBe(true)
    expect(calls).toHaveLength(1)
    down = false
    await expect(refreshLogin({ ...config, fetch }, first, at())).resolves.toBeTruthy()
  })

  it('share their result, not how far one of them has it checked', async () => {
    const { config, calls } = server({}, { id_token: jwt(refreshed(), { secret: 'x'.repeat(40) }) })
    const [direct, signed, also] = await Promise.allSettled([
      refreshLogin(config, first, { ...at(), idToken: 'direct' }),
      refreshLogin(config, first, at()),
      refreshLogin(config, first, { ...at(), idToken: 'direct' }),
    ])
    expect(calls).toHaveLength(1)
    expect([direct.status, signed.status, also.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(signed).toMatchObject({ reason: { code: 'token_invalid', check: 'signature' } })
  })

  it('end for one whose signal fires while it checks what another has not', async () => {
    const { config } = server({}, { id_token: jwt(refreshed(), { alg: 'RS256' }) })
    const provider = { ...config, idTokenSigningAlgs: ['RS256'] } as const
    const leaving = new AbortController()
    const jwks = { get: () => new Promise<never>(() => {}), set: () => {} }
    const content = refreshLogin(provider, first, { ...at(), idToken: 'direct' })
    const wary = refreshLogin(provider, first, { ...at(), jwks, signal: leaving.signal })
    await content
    setTimeout(() => leaving.abort(), 5)
    await expect(wary).rejects.toMatchObject({ code: 'aborted' })
  })

  it('share no login that was fresh enough for one, with those for whom it was not', async () => {
    const { config, calls } = server()
    const login: RefreshableLogin = { ...first, tokens: { ...first.tokens, expires_at: now + 600 } }
    const [content, forced, also, wary] = await Promise.all([
      refreshLogin(config, () => login, at()),
      refreshLogin(config, login, at()),
      refreshLogin(config, () => login, at()),
      refreshLogin(config, () => login, { ...at(), freshFor: 3600 }),
    ])
    expect(calls).toHaveLength(1)
    expect([content, forced, also, wary].map(({ tokens }) => tokens.refresh_token)).toEqual([
      'rt-1',
      'rt-2',
      'rt-1',
      'rt-2',
    ])
  })

  it('of different users, applications and providers do not', async () => {
    const { fetch, calls } = fakeFetch(async ({ form, url }) => {
      await wait(2)
      return {
        access_token: `${url.host} ${form.get('client_id') ?? ''} ${form.get('refresh_token') ?? ''}`.replace(
          / /g,
          '/',
        ),
        token_type: 'Bearer',
      }
    })
    const cases = ['rt-a', 'rt-b'].flatMap((refresh_token) =>
      ['app-a', 'app-b'].flatMap((id) =>
        ['https://a.example', 'https://b.example'].map((host) => ({ refresh_token, id, host })),
      ),
    )
    const results = await Promise.all(
      cases.map(({ refresh_token, id, host }) =>
        refreshLogin(
          { ...config, appId: id, appHost: host, fetch },
          { tokens: { refresh_token }, claims: { iss: `${host}/oidc`, sub: 'x', aud: id } },
          at(),
        ),
      ),
    )
    expect(calls).toHaveLength(8)
    results.forEach(({ tokens }, index) => {
      const { refresh_token, id, host } = cases[index]!
      expect(tokens.access_token).toBe(`${new URL(host).host}/${id}/${refresh_token}`)
    })
  })

  it('end for the one whose signal fires, and go on for the others', async () => {
    const { config, calls } = server()
    const controller = new AbortController()
    const reason = new Error('the user left')
    const left = refreshLogin(config, first, { ...at(), signal: controller.signal })
    const stayed = refreshLogin(config, first, at())
    const late = refreshLogin(config, first, { ...at(), signal: new AbortController().signal })
    await wait(0)
    controller.abort(reason)
    await expect(left).rejects.toMatchObject({ code: 'aborted', cause: reason })
    await expect(stayed).resolves.toMatchObject({ tokens: { refresh_token: 'rt-2' } })
    await expect(late).resolves.toMatchObject({ tokens: { refresh_token: 'rt-2' } })
    expect(calls).toHaveLength(1)
  })

  it('save their result even when all who asked have left: the old token is spent', async () => {
    const { config } = server()
    const { state, read, save } = storage()
    const controller = new AbortController()
    const left = refreshLogin(config, read, { ...at(), save, signal: controller.signal })
    await wait(3)
    controller.abort()
    await expect(left).rejects.toMatchObject({ code: 'aborted' })
    await vi.waitFor(() => expect(state.login.tokens.refresh_token).toBe('rt-2'))
  })

  it('in two copies of the module with a lock and a shared store make one request', async () => {
    const { config, calls } = server()
    const { state, read, save } = storage()
    const { lock, names } = locks()
    const [one, other] = [await process(), await process()]
    expect(one).not.toBe(other)
    const options = { ...at(), save, lock }
    const results = await Promise.all([
      one(config, read, options),
      other(config, read, options),
      one(config, read, options),
    ])
    expect(calls).toHaveLength(1)
    expect(results.map(({ tokens }) => tokens.refresh_token)).toEqual(['rt-2', 'rt-2', 'rt-2'])
    expect(state.login.tokens.refresh_token).toBe('rt-2')
    expect(new Set(names).size).toBe(1)
    expect(names[0]).not.toContain('rt-1')
  })

  it('hold the lock until the result is saved', async () => {
    const { config } = server()
    const events: string[] = []
    const lock = async <T>(_: string, run: () => Promise<T>) => {
      events.push('locked')
      const result = await run()
      events.push('released')
      return result
    }
    const save = async () => {
      events.push('saving')
      await wait(5)
      events.push('saved')
    }
    await refreshLogin(config, first, { ...at(), lock, save })
    expect(events).toEqual(['locked', 'saving', 'saved', 'released'])
  })

  it('read the login inside the lock', async () => {
    const { config, calls } = server()
    const { state, read } = storage()
    const lock = async <T>(_: string, run: () => Promise<T>) => {
      state.login = { ...first, tokens: { refresh_token: 'rt-9', access_token: 'at-9', expires_at: now + 3600 } }
      return run()
    }
    await expect(refreshLogin(config, read, { ...at(), lock })).resolves.toMatchObject({
      tokens: { refresh_token: 'rt-9' },
    })
    expect(calls).toHaveLength(0)
  })

  it('take a newer token from the store as it is, whatever its end: the old one is spent', async () => {
    const { config, calls } = server()
    for (const expires_at of [undefined, now - 1]) {
      const { state, read } = storage()
      const lock = async <T>(_: string, run: () => Promise<T>) => {
        state.login = {
          ...first,
          tokens: { refresh_token: 'rt-9', access_token: 'at-9', ...(expires_at && { expires_at }) },
        }
        return run()
      }
      const next = await refreshLogin(config, read, { ...at(), lock })
      expect(next.tokens.refresh_token).toBe('rt-9')
    }
    expect(calls).toHaveLength(0)
  })

  it('without a lock: the loser takes the newer tokens that the winner stored', async () => {
    const { config, calls } = server()
    const { read, save } = storage()
    const [one, other] = [await process(), await process()]
    const winner = one(config, read, { ...at(), save })
    // The loser read the old token before the winner stored the new one, and asks after it.
    let reads = 0
    const slow = async () => {
      reads++
      if (reads <= 2) return first
      return read()
    }
    const lost = winner.then(() => other(config, slow, { ...at(), save }))
    const [won, taken] = await Promise.all([winner, lost])
    expect(calls).toHaveLength(2)
    expect(taken.tokens.refresh_token).toBe(won.tokens.refresh_token)
  })

  it('without a lock: the loser goes on with a newer token of which no more was stored', async () => {
    const { fetch, calls } = fakeFetch(({ form }) =>
      form.get('refresh_token') === 'rt-2'
        ? { access_token: 'at-3', token_type: 'Bearer', refresh_token: 'rt-3' }
        : json({ error: 'invalid_grant' }, 400),
    )
    // The least that fits a cookie.
    const kept = { ...first, tokens: { refresh_token: 'rt-2' } }
    const logins = [first, first]
    const next = await refreshLogin({ ...config, fetch }, () => logins.shift() ?? kept, at())
    expect(next.tokens).toMatchObject({ access_token: 'at-3', refresh_token: 'rt-3' })
    expect(calls).toHaveLength(2)
  })

  it('send no spent token for one who brought it, where another found a newer one', async () => {
    const { fetch, calls } = fakeFetch(async ({ form }) => {
      await wait(5)
      return form.get('refresh_token') === 'rt-2'
        ? { access_token: 'at-3', token_type: 'Bearer', refresh_token: 'rt-3' }
        : json({ error: 'invalid_grant' }, 400)
    })
    const logins = [first, first]
    const kept = { ...first, tokens: { refresh_token: 'rt-2' } }
    const own = { ...config, fetch }
    const both = await Promise.all([
      refreshLogin(own, () => logins.shift() ?? kept, at()),
      refreshLogin(own, first, at()),
    ])
    expect(calls.map(({ form }) => form.get('refresh_token'))).toEqual(['rt-1', 'rt-2'])
    expect(both.map(({ tokens }) => tokens.refresh_token)).toEqual(['rt-3', 'rt-3'])
  })

  it('without a lock: the loser waits a while for the winner to store its tokens', async () => {
    const { config } = server()
    await refreshLogin(config, first, at())
    let reads = 0
    const slow = () => {
      if (++reads == 3) throw new Error('the store is busy')
      return reads > 4 ? { ...first, tokens: { refresh_token: 'rt-2', access_token: 'at-2' } } : first
    }
    expect((await refreshLogin(config, slow, at())).tokens.refresh_token).toBe('rt-2')
    expect(reads).toBe(5)
  })

  it('say that the token is dead where the user was signed out meanwhile', async () => {
    const { config } = server()
    await refreshLogin(config, first, at())
    const logins = [first, first]
    const read = () => logins.shift() ?? { ...first, tokens: {} }
    await expect(refreshLogin(config, read, at())).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('without a lock and without newer tokens: the token is dead', async () => {
    const { config } = server()
    await refreshLogin(config, first, at())
    await expect(refreshLogin(config, async () => first, at())).rejects.toMatchObject({
      code: 'endpoint_error',
      error: 'invalid_grant',
    })
  })

  it('need a lock that gives what it ran', async () => {
    const { config } = server()
    const lock = (async (_: string, run: () => Promise<unknown>) => {
      await run()
    }) as never
    await expect(refreshLogin(config, first, { ...at(), lock })).rejects.toMatchObject({ argument: 'options.lock' })
  })

  it('fail when the result cannot be saved, and say with what', async () => {
    const { config } = server()
    const full = new Error('the store is full')
    const save = async () => {
      throw full
    }
    await expect(refreshLogin(config, first, { ...at(), save })).rejects.toBe(full)
  })
})

describe('a login that is read by a function [R27]', () => {
  const reading = (expires_at: number | undefined, options: RefreshOptions = {}, changes: object = {}) => {
    const { config, calls } = server()
    const login = { ...first, tokens: { ...first.tokens, expires_at, ...changes } } as RefreshableLogin
    return refreshLogin(config, () => login, { ...at(), ...options }).then((result) => [calls.length, result] as const)
  }

  it.each<[string, number | undefined, RefreshOptions, number, object?]>([
    ['fresh for over a minute', now + 61, {}, 0],
    ['good for a minute', now + 60, {}, 1],
    ['expired', now - 1, {}, 1],
    ['of unknown end', undefined, {}, 1],
    ['without an access token', now + 3600, {}, 1, { access_token: undefined }],
    ['of an end that is no number', NaN, {}, 1],
    ['fresh enough for the caller', now + 11, { freshFor: 10 }, 0],
    ['not fresh enough for the caller', now + 600, { freshFor: 3600 }, 1],
  ])('%s', async (_, end, options, requests, changes) => {
    const [made, result] = await reading(end, options, changes)
    expect(made).toBe(requests)
    expect(result.tokens.refresh_token).toBe(requests ? 'rt-2' : 'rt-1')
  })

  it('is refreshed whatever its end is when it is handed over itself', async () => {
    const { config, calls } = server()
    await refreshLogin(config, { ...first, tokens: { ...first.tokens, expires_at: now + 3600 } }, at())
    expect(calls).toHaveLength(1)
  })
})

describe('in a browser', () => {
  it('Web Locks hold the other tabs off', async () => {
    const { lock, names } = locks()
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0', locks: { request: lock } })
    const { config, calls } = server()
    const { read, save } = storage()
    const tabs = [await process(), await process(), await process()]
    const results = await Promise.all(tabs.map((tab) => tab(config, read, { ...at(), save })))
    expect(calls).toHaveLength(1)
    expect(names).toHaveLength(3)
    expect(new Set(results.map(({ tokens }) => tokens.refresh_token))).toEqual(new Set(['rt-2']))
  })

  it('a lock of the caller goes before Web Locks', async () => {
    const web = locks()
    const own = locks()
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0', locks: { request: web.lock } })
    await refreshLogin(server().config, first, { ...at(), lock: own.lock })
    expect([web.names.length, own.names.length]).toEqual([0, 1])
  })
})

describe('on Cloudflare Workers', () => {
  it('no request waits for another’s: the lock is what holds them off', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
    const { fetch, calls } = fakeFetch(async () => {
      await wait(1)
      return { access_token: 'at', token_type: 'Bearer' }
    })
    await Promise.all([1, 2, 3].map(() => refreshLogin({ ...config, fetch }, first, at())))
    expect(calls).toHaveLength(3)
    const { config: rotating, calls: asked } = server()
    const { read, save } = storage()
    const { lock } = locks()
    await Promise.all([1, 2, 3].map(() => refreshLogin(rotating, read, { ...at(), save, lock })))
    expect(asked).toHaveLength(1)
  })

  it('a request’s own signal ends its own waiting, not the refresh that has begun', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
    const { config: rotating } = server()
    const { state, read, save } = storage()
    const controller = new AbortController()
    const left = refreshLogin(rotating, read, { ...at(), save, signal: controller.signal })
    await wait(3)
    controller.abort()
    await expect(left).rejects.toMatchObject({ code: 'aborted' })
    await vi.waitFor(() => expect(state.login.tokens.refresh_token).toBe('rt-2'))
  })
})

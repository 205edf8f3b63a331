import { describe, expect, it, vi } from 'vitest'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { OidcConfig } from '@genauth-oidc/core/types'
import {
  callbackOf,
  code,
  codeVerifier,
  play,
  responseTypes,
  state,
  transactionOf,
} from '../../../tests/support/logins.js'
import { codeAnswer } from '../../../tests/support/samples.js'
import {
  appHost,
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
  nonce,
  now,
  payloadOf,
  redirectUri,
  secret,
  subject,
  type Claims,
} from '../../../tests/support/tokens.js'
import { beginLogin } from './beginLogin.js'
import { completeLogin } from './completeLogin.js'
import { openTransaction } from './openTransaction.js'
import { sealTransaction } from './sealTransaction.js'
import type { LoginTransaction } from './types.js'

const answer = { access_token: 'back-at', token_type: 'Bearer', expires_in: 3600 }
const provider = (changes: Claims = {}) =>
  fakeFetch(({ url }) =>
    url.pathname.endsWith('/me') ? { sub: subject } : { ...answer, id_token: jwt(idClaims()), ...changes },
  )
const refused = (reason: string) => ({ name: 'OidcError', code: 'callback_invalid', reason })

describe('a completed sign-in', () => {
  it('asks the token endpoint once, with code, verifier, redirect URI and the client’s own authentication', async () => {
    const { calls } = await play({ responseType: 'code' })
    expect(calls.map(({ method, url, form }) => [method, url.href, Object.fromEntries(form)])).toEqual([
      [
        'POST',
        `${issuer}/token`,
        {
          grant_type: 'authorization_code',
          code,
          code_verifier: codeVerifier,
          redirect_uri: redirectUri,
          client_id: appId,
          client_secret: secret,
        },
      ],
    ])
  })

  it('gives the tokens, the claims, and what the application kept', async () => {
    const { login } = await play({ responseType: 'code', transaction: { appState: '/cart?a=1' } })
    expect(login).toMatchObject({
      tokens: { access_token: 'back-at', refresh_token: 'back-rt', expires_at: now + 3600 },
      claims: { iss: issuer, sub: subject, aud: appId, nonce },
      appState: '/cart?a=1',
    })
    expect(login?.userInfo).toBeUndefined()
    expect(login?.tokens.claims).toEqual(login?.claims)
    expect((await play({ responseType: 'code' })).login?.appState).toBeUndefined()
  })

  it('sends the redirect URI of its own link, not of the config', async () => {
    const other = 'https://app.example.com/callback?tenant=1'
    const { login, calls } = await play({ responseType: 'code', transaction: { redirectUri: other } })
    expect(login).toBeDefined()
    expect(calls[0]?.form.get('redirect_uri')).toBe(other)
  })

  it('gives the token endpoint’s tokens, and those of the front channel apart', async () => {
    const { login } = await play({
      responseType: 'code id_token token',
      second: { acr: 'second' },
      front: { acr: 'front' },
    })
    expect(login?.claims['acr']).toBe('second')
    expect(login?.tokens.access_token).toBe('back-at')
    expect(login?.frontChannel).toEqual({
      id_token: expect.stringMatching(/^ey/) as string,
      access_token: 'front-at',
      token_type: 'Bearer',
      expires_in: 60,
      expires_at: now + 60,
    })
    expect(payloadOf(login?.frontChannel?.id_token ?? '')['acr']).toBe('front')
  })

  it('drops the access token of "code token", which no hash binds [R14]', async () => {
    const { login } = await play({ responseType: 'code token' })
    expect(login?.tokens.access_token).toBe('back-at')
    expect(login?.frontChannel).toBeUndefined()
    expect(JSON.stringify(login)).not.toContain('front-at')
  })

  it('asks for user info when told to, of the very user', async () => {
    const { login, calls } = await play({ responseType: 'code' }, { userInfo: true })
    expect(login?.userInfo).toEqual({ sub: subject, email: 'alice@example.com' })
    expect(calls.map(({ url, headers }) => [url.pathname, headers['authorization']])).toEqual([
      ['/oidc/token', undefined],
      ['/oidc/me', 'Bearer back-at'],
    ])
    const implicit = await play({ responseType: 'id_token token' }, { userInfo: true })
    expect(implicit.calls[0]?.headers['authorization']).toBe('Bearer front-at')
    expect(implicit.login?.userInfo).toMatchObject({ sub: subject })
  })

  it('fails when user info is another user’s [R28]', async () => {
    const { fetch } = fakeFetch(({ url }) =>
      url.pathname.endsWith('/me') ? { sub: 'mallory' } : { ...answer, id_token: jwt(idClaims()) },
    )
    const callback = callbackOf({ responseType: 'code' })
    await expect(
      completeLogin({ ...config, fetch }, callback, transactionOf('code'), { ...at(), userInfo: true }),
    ).rejects.toMatchObject({ code: 'response_invalid', endpoint: 'userInfo', reason: 'sub' })
  })

  it('has no user info where no access token comes', async () => {
    const { error, calls } = await play({ responseType: 'id_token' }, { userInfo: true })
    expect(error).toMatchObject({ code: 'argument_invalid', argument: 'userInfo' })
    expect(calls).toHaveLength(0)
  })

  it('honours maxAge in the front channel and at the token endpoint', async () => {
    const script = { responseType: 'code id_token', transaction: { maxAge: 60 } } as const
    const recent = { auth_time: now - 60 }
    expect((await play({ ...script, front: recent, second: recent })).error).toBeUndefined()
    const early = await play({ ...script, front: { auth_time: now - 91 }, second: recent })
    expect([early.error?.['check'], early.calls.length]).toEqual(['auth_time', 0])
    const late = await play({ ...script, front: recent, second: { auth_time: now - 91 } })
    expect([late.error?.['check'], late.calls.length]).toEqual(['auth_time', 1])
  })

  it('takes further audiences that it is told to trust, from the browser and from the token endpoint [R20]', async () => {
    const more = { aud: [appId, 'api'], azp: appId }
    const script = { responseType: 'code id_token', front: more, second: more } as const
    expect((await play(script, { trustedAudiences: ['api'] })).error).toBeUndefined()
    expect((await play(script)).error).toMatchObject({ check: 'aud' })
    expect((await play({ ...script, front: {} })).error).toMatchObject({ check: 'aud' })
  })

  it('may come as URL, text, path, parameters or Request', async () => {
    const text = callbackOf({ responseType: 'code' }) as string
    const query = text.slice(text.indexOf('?'))
    const forms = [text, new URL(text), `/callback${query}`, query, new URLSearchParams(query), new Request(text)]
    for (const form of forms) {
      const { fetch } = provider()
      await expect(completeLogin({ ...config, fetch }, form, transactionOf('code'), at())).resolves.toBeTruthy()
    }
    // A proxy changes the origin.
    const { fetch } = provider()
    const behind = `http://internal:8080/callback${query}`
    await expect(completeLogin({ ...config, fetch }, behind, transactionOf('code'), at())).resolves.toBeTruthy()
  })

  it('may come to an address of an app’s own scheme, with slashes or without', async () => {
    const query = `?${new URL(callbackOf({ responseType: 'code' }) as string).searchParams.toString()}`
    for (const redirectUri of ['com.example.app:/callback', 'com.example.app://callback', 'com.example.app:callback']) {
      const transaction = transactionOf('code', { redirectUri })
      for (const form of [redirectUri + query, query]) {
        const { fetch } = provider()
        await expect(completeLogin({ ...config, fetch }, form, transaction, at())).resolves.toBeTruthy()
      }
      const { fetch } = provider()
      const elsewhere = completeLogin({ ...config, fetch }, `com.example.app:/other${query}`, transaction, at())
      await expect(elsewhere).rejects.toMatchObject({ reason: 'redirect_uri' })
    }
  })

  it('works with what beginLogin gave, sealed or as it is', async () => {
    const key = 'a-key-of-at-least-32-characters!'
    const { url, transaction } = await beginLogin(config, { appState: 'x' }, at())
    const sealed = await sealTransaction(transaction, key, at())
    const { fetch } = fakeFetch(() => ({ ...answer, id_token: jwt(idClaims({ nonce: transaction.nonce })) }))
    const callback = `${redirectUri}?code=c&state=${url.searchParams.get('state') ?? ''}`
    for (const kept of [transaction, await openTransaction(sealed, key, at())])
      await expect(completeLogin({ ...config, fetch }, callback, kept, at())).resolves.toMatchObject({ appState: 'x' })
  })
})

describe('a transaction that is taken by a function [R16]', () => {
  const holder = () => {
    const kept = new Map<string, LoginTransaction<'code'>>([[state, transactionOf('code')]])
    const take = vi.fn((wanted: string) => {
      const found = kept.get(wanted)
      kept.delete(wanted)
      return found
    })
    return { kept, take }
  }
  const callback = callbackOf({ responseType: 'code' })

  it('is asked for by the state of the callback, once', async () => {
    const { take } = holder()
    const { fetch } = provider()
    await expect(completeLogin({ ...config, fetch }, callback, take, at())).resolves.toBeTruthy()
    expect(take.mock.calls).toEqual([[state]])
  })

  it('may come by a promise, and be found in a posted form', async () => {
    const { fetch } = provider()
    const posted = callbackOf({ responseType: 'code', mode: 'form_post' })
    const kept = transactionOf('code', { responseMode: 'form_post' })
    const take = vi.fn(async (wanted: string) => (wanted === state ? kept : undefined))
    await expect(completeLogin({ ...config, fetch }, posted, take, at())).resolves.toBeTruthy()
    expect(take).toHaveBeenCalledTimes(1)
  })

  it('that was taken before is refused without a request', async () => {
    const { take } = holder()
    const { fetch, calls } = provider()
    await completeLogin({ ...config, fetch }, callback, take, at())
    await expect(completeLogin({ ...config, fetch }, callback, take, at())).rejects.toMatchObject(
      refused('transaction'),
    )
    expect(calls).toHaveLength(1)
  })

  it('that two callbacks race for is good for one of them', async () => {
    const { take } = holder()
    const { fetch, calls } = provider()
    const both = await Promise.allSettled(
      [1, 2, 3].map(() => completeLogin({ ...config, fetch }, callback, take, at())),
    )
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(calls).toHaveLength(1)
  })

  it('is not looked up for a state that cannot be one of ours', async () => {
    const bad = [
      '',
      'x',
      `${state}x`,
      state.slice(1),
      `${state.slice(1)}/`,
      `${state.slice(1)} `,
      '../../etc/passwd',
      '__proto__',
    ]
    for (const one of bad) {
      const { take } = holder()
      const asked = `${redirectUri}?${new URLSearchParams({ code: 'c', state: one }).toString()}`
      await expect(completeLogin(config, asked, take, at())).rejects.toMatchObject(refused('state'))
      expect(take).not.toHaveBeenCalled()
    }
    for (const asked of [
      redirectUri,
      `${redirectUri}?code=c`,
      `${redirectUri}?state=${state}&state=${'y'.repeat(43)}`,
    ]) {
      const { take } = holder()
      await expect(completeLogin(config, asked, take, at())).rejects.toMatchObject(refused('state'))
      expect(take).not.toHaveBeenCalled()
    }
  })

  it('that is another one’s does not fit its callback', async () => {
    const { fetch, calls } = provider()
    const other = transactionOf('code', { state: 'y'.repeat(43) })
    await expect(completeLogin({ ...config, fetch }, callback, () => other, at())).rejects.toMatchObject(
      refused('state'),
    )
    expect(calls).toHaveLength(0)
  })

  it.each<unknown>([undefined, null, 7, 'sealed', [], {}])('that is %j is none', async (value) => {
    const { fetch, calls } = provider()
    for (const source of [value, () => value])
      await expect(completeLogin({ ...config, fetch }, callback, source as never, at())).rejects.toMatchObject({
        code: 'callback_invalid',
      })
    expect(calls).toHaveLength(0)
  })

  it('and what the function throws comes through', async () => {
    const down = new Error('the store is down')
    const source = async () => {
      throw down
    }
    await expect(completeLogin(config, callback, source, at())).rejects.toBe(down)
  })
})

describe('the level of a sign-in', () => {
  const spa = { appId, appHost, redirectUri, idTokenSigningAlgs: ['HS256'] } as const
  const callback = callbackOf({ responseType: 'code' })

  it('is signed: a public client that has no key for HS256 learns of both ways out', async () => {
    const { fetch } = provider()
    const error = await completeLogin({ ...spa, fetch }, callback, transactionOf('code'), at()).catch(
      (reason: unknown) => reason as Error,
    )
    expect(error).toMatchObject({ code: 'token_invalid', check: 'key' })
    expect((error as Error).message).toMatch(/RS256/)
    expect((error as Error).message).toMatch(/direct/)
  })

  it('is direct by choice: then what TLS does not vouch for is still checked', async () => {
    const options = { ...at(), idToken: 'direct' } as const
    const complete = (changes: Claims) =>
      completeLogin({ ...spa, fetch: provider(changes).fetch }, callback, transactionOf('code'), options)
    await expect(complete({})).resolves.toMatchObject({ claims: { sub: subject } })
    await expect(complete({ id_token: jwt(idClaims(), { secret: 'x'.repeat(40) }) })).resolves.toBeTruthy()
    await expect(complete({ id_token: jwt(idClaims({ nonce: 'x' })) })).rejects.toMatchObject({ check: 'nonce' })
    await expect(complete({ id_token: jwt(idClaims({ at_hash: 'x' })) })).rejects.toMatchObject({ check: 'at_hash' })
    await expect(complete({ id_token: jwt(idClaims(), { header: { alg: 'none' } }) })).rejects.toMatchObject({
      check: 'alg',
    })
  })

  it.each(responseTypes.filter((type) => type !== 'code'))('is never direct for %s', async (responseType) => {
    const { error, calls } = await play({ responseType }, { idToken: 'direct' })
    expect(error).toMatchObject({ code: 'argument_invalid', argument: 'idToken' })
    expect(calls).toHaveLength(0)
  })

  it('is signed for every other word', async () => {
    for (const idToken of [undefined, 'signed', 'Direct', '', null, true]) {
      const { error } = await play({ responseType: 'code', secondHow: { secret: 'x'.repeat(40) } }, {
        idToken,
      } as never)
      expect(error).toMatchObject({ check: 'signature' })
    }
  })

  it('is signed with the keys of the provider, kept in a given store', async () => {
    const key = keyOf('RS256')
    const { fetch, calls } = fakeFetch(({ method }) =>
      method === 'GET' ? { keys: [key.jwk] } : { ...answer, id_token: jwt(idClaims(), { alg: 'RS256' }) },
    )
    const jwks = new Map<string, unknown>()
    const rs256 = { ...config, idTokenSigningAlgs: ['RS256'], fetch } as const
    for (let i = 0; i < 3; i++)
      await expect(completeLogin(rs256, callback, transactionOf('code'), { ...at(), jwks })).resolves.toBeTruthy()
    expect(calls.map(({ method }) => method).join(' ')).toBe('POST GET POST POST')
    expect(jwks.size).toBe(1)
  })
})

describe('a sign-in of GenAuth’s own documentation', () => {
  const sample = {
    appId: '5f17a529f64fb009b794a2ff',
    appHost: 'https://oidc1.authing.cn',
    redirectUri,
    idTokenSigningAlgs: ['HS256'],
  } as const satisfies OidcConfig
  const kept = transactionOf('code', {
    nonce: '70TE7yoMTQ',
    issuer: 'https://oidc1.authing.cn/oidc',
    expiresAt: 1_615_883_590 + 600,
  })
  const callback = `${redirectUri}?code=c&state=${state}`
  const complete = (tokens: unknown, options: object = {}) => {
    const { fetch } = fakeFetch(({ url }) =>
      url.pathname.endsWith('/me') ? { sub: '5ff701d846b9203e2f6ac6f3' } : tokens,
    )
    return completeLogin({ ...sample, fetch }, callback, kept, {
      now: 1_615_883_590_000,
      idToken: 'direct',
      ...options,
    })
  }
  const changed = (changes: Claims) => {
    const [header = '', , signature = ''] = codeAnswer.id_token.split('.')
    return {
      ...codeAnswer,
      id_token: [header, base64url({ ...payloadOf(codeAnswer.id_token), ...changes }), signature].join('.'),
    }
  }

  it('passes at level direct, at the time of its tokens: their secret is not published', async () => {
    const login = await complete(codeAnswer)
    expect(login.claims).toMatchObject({
      sub: '5ff701d846b9203e2f6ac6f3',
      email: 'test3@123.com',
      iss2: 'https://baidu.com',
    })
    expect(login.tokens.expires_at).toBe(1_615_883_590 + 3600)
  })

  it.each<[string, Claims, string]>([
    ['iss', { iss: 'https://oidc1.authing.cn' }, 'iss'],
    ['aud', { aud: '5f17a529f64fb009b794a2fe' }, 'aud'],
    ['exp', { exp: 1_615_883_560 }, 'exp'],
    ['iat', { iat: 1_615_883_588 - 632 }, 'iat'],
    ['nonce', { nonce: '70TE7yoMTq' }, 'nonce'],
    ['at_hash', { at_hash: halfHash('another') }, 'at_hash'],
    ['s_hash', { s_hash: halfHash('another') }, 's_hash'],
    ['sub', { sub: '' }, 'sub'],
    ['sub, to none', { sub: undefined }, 'sub'],
    ['azp', { azp: 'another' }, 'azp'],
    ['nbf', { nbf: 1_615_883_621 }, 'nbf'],
    ['scope', { scope: 'openid' }, 'purpose'],
  ])('does not pass with %s changed', async (_, changes, check) => {
    await expect(complete(changed(changes))).rejects.toMatchObject({ code: 'token_invalid', check })
  })

  it('does not pass with its subject changed to another user, once user info is asked for', async () => {
    await expect(complete(codeAnswer, { userInfo: true })).resolves.toBeTruthy()
    await expect(complete(changed({ sub: 'mallory' }), { userInfo: true })).rejects.toMatchObject({ reason: 'sub' })
  })

  it('does not pass with any claim changed at level signed: whoever lacks the secret cannot make one', async () => {
    const signed = { ...sample, secret: 'whatever-secret-this-application-may-have' }
    for (const changes of [{}, ...Object.keys(payloadOf(codeAnswer.id_token)).map((name) => ({ [name]: 'x' }))]) {
      const { fetch } = fakeFetch(() => changed(changes))
      await expect(
        completeLogin({ ...signed, fetch }, callback, kept, { now: 1_615_883_590_000 }),
      ).rejects.toMatchObject({ code: 'token_invalid' })
    }
  })

  it('does not pass at another time', async () => {
    await expect(complete(codeAnswer, { now: 1_615_883_588_000 - 31_000 })).rejects.toMatchObject({ check: 'iat' })
    await expect(complete(codeAnswer, { now: (1_615_883_590 + 600) * 1000 })).rejects.toMatchObject({
      reason: 'expired',
    })
    await expect(complete(codeAnswer, { now: undefined })).rejects.toMatchObject({ reason: 'expired' })
  })
})

describe('a sign-in that is refused', () => {
  it('is none of another protocol [R14]', async () => {
    for (const protocol of ['oauth', 'saml', 'cas']) {
      const { error, calls } = await play({ responseType: 'code', config: { issuer, protocol } as never })
      expect(error).toMatchObject({ code: 'config_invalid', issues: [{ path: 'protocol' }] })
      expect(calls).toHaveLength(0)
    }
  })

  it.each<[string, object, object]>([
    ['begun with another provider [R15]', { issuer: 'https://evil.example/oidc' }, refused('mix_up')],
    ['begun for another application [R15]', { appId: 'another-app' }, refused('mix_up')],
    ['without an end [R10]', { expiresAt: undefined }, refused('expired')],
    ['over at this moment [R10]', { expiresAt: now }, refused('expired')],
  ])('is one %s, and nothing is sent', async (_, transaction, expected) => {
    for (const responseType of ['code', 'id_token', 'code id_token'] as const) {
      const { error, calls } = await play({ responseType, transaction } as never)
      expect(error).toMatchObject(expected)
      expect(calls).toHaveLength(0)
    }
  })

  it('has an ID token in the browser that somebody else has signed, before the code is spent [R18]', async () => {
    for (const responseType of ['id_token', 'code id_token', 'code id_token token'] as const) {
      const { error, calls } = await play({ responseType, frontHow: { secret: 'x'.repeat(40) } })
      expect(error).toMatchObject({ code: 'token_invalid', check: 'signature' })
      expect(calls).toHaveLength(0)
    }
  })

  it('tells no state, nonce, verifier, code, token or secret in its error', async () => {
    const marks = [state, nonce, codeVerifier, code, secret, 'front-at', 'back-at', 'back-rt']
    const scripts = [
      { responseType: 'code', params: { state: `${state.slice(1)}x` } },
      { responseType: 'code', params: { error: 'access_denied', error_description: `no ${state}` } },
      { responseType: 'code', second: { nonce: 'x' } },
      {
        responseType: 'code',
        answer: () => json({ error: 'invalid_grant', error_description: `${code} ${secret} ${codeVerifier}` }, 400),
      },
      { responseType: 'code id_token token', front: { at_hash: 'x' } },
      { responseType: 'code id_token', second: { sub: 'mallory' } },
      { responseType: 'code', secondHow: { secret: 'x'.repeat(40) } },
      { responseType: 'code', transaction: { expiresAt: 0 } },
    ] as const
    for (const script of scripts) {
      const { error } = await play(script)
      expect(isOidcError(error)).toBe(true)
      const text = [JSON.stringify(error), error?.message, error?.stack, String(error?.cause)].join()
      for (const mark of marks) expect(text).not.toContain(mark)
    }
  })

  it('rejects when it is aborted, with the caller’s reason', async () => {
    const controller = new AbortController()
    const reason = new Error('the user left')
    const { error } = await play(
      {
        responseType: 'code',
        answer: () => {
          controller.abort(reason)
          return new Promise(() => undefined)
        },
      },
      { signal: controller.signal },
    )
    expect(error).toMatchObject({ code: 'aborted', cause: reason, mayHaveArrived: true })
  })
})

import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { createHash } from 'node:crypto'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorizeUrl, get, makePkce, OFFLINE, paramsOf, post, signInForTokens } from '../../test/walk.js'
import { signIn } from '../signIn.js'
import { startEmulator } from '../startEmulator.js'
import type { Emulator, EmulatorApp } from '../types.js'

let emulator: Emulator
let rs256: EmulatorApp
let other: EmulatorApp
beforeAll(async () => {
  emulator = await startEmulator({ apps: [{}, {}, { idTokenAlg: 'RS256' }] })
  ;[, other, rs256] = emulator.apps as unknown as [EmulatorApp, EmulatorApp, EmulatorApp]
})
afterAll(() => emulator.stop())

const halfHash = (value: string): string =>
  createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url')

const exchange = (code: string | null, more: Record<string, string> = {}, app = emulator.apps[0]) =>
  post(
    emulator,
    '/oidc/token',
    { grant_type: 'authorization_code', code: code ?? '', redirect_uri: app.redirectUris[0], ...more },
    app,
  )

const refresh = (token: string, app = emulator.apps[0]) =>
  post(emulator, '/oidc/token', { grant_type: 'refresh_token', refresh_token: token }, app)

const introspect = async (token: string, app = emulator.apps[0]) =>
  (await post(emulator, '/oidc/token/introspection', { token }, app)).json

const INVALID_GRANT = { error: 'invalid_grant', error_description: 'grant request is invalid' }

describe('discovery', () => {
  it("names GenAuth's routes", async () => {
    const { json } = await get(emulator, '/oidc/.well-known/openid-configuration')
    const { issuer } = emulator
    expect(json).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/me`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      end_session_endpoint: `${issuer}/session/end`,
      introspection_endpoint: `${issuer}/token/introspection`,
      revocation_endpoint: `${issuer}/token/revocation`,
    })
  })

  it('lists what works, and nothing that does not', async () => {
    const { json } = await get(emulator, '/oidc/.well-known/openid-configuration')
    const methods = ['client_secret_post', 'client_secret_basic', 'none']
    expect(json).toMatchObject({
      token_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_methods_supported: methods,
      code_challenge_methods_supported: ['plain', 'S256'],
      id_token_signing_alg_values_supported: ['HS256', 'RS256'],
      authorization_response_iss_parameter_supported: true,
    })
    expect(json.response_types_supported.sort()).toEqual(
      ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token', 'none'].sort(),
    )
    expect(json.response_modes_supported.sort()).toEqual(['form_post', 'fragment', 'query', 'web_message'])
    for (const name of [
      'pushed_authorization_request_endpoint',
      'registration_endpoint',
      'dpop_signing_alg_values_supported',
    ]) {
      expect(json).not.toHaveProperty(name)
    }
  })

  it('satisfies openid-client, which then signs in with PKCE and reads user info', async () => {
    const server = new URL(emulator.issuer)
    const config = await openid.discovery(server, rs256.appId, undefined, openid.ClientSecretPost(rs256.secret), {
      execute: [openid.allowInsecureRequests],
    })
    const verifier = openid.randomPKCECodeVerifier()
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: rs256.redirectUris[0],
      scope: 'openid email',
      state: 'the-state',
      nonce: 'the-nonce',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const callback = await signIn(url, { user: 'bob@example.org' })
    const tokens = await openid.authorizationCodeGrant(config, new URL(callback.url), {
      pkceCodeVerifier: verifier,
      expectedState: 'the-state',
      expectedNonce: 'the-nonce',
    })
    const sub = tokens.claims()?.sub ?? ''
    expect(await openid.fetchUserInfo(config, tokens.access_token, sub)).toMatchObject({ email: 'bob@example.org' })
  })
})

describe('tokens', () => {
  it('are access tokens that the JWKS verifies', async () => {
    const { tokens } = await signInForTokens(emulator)
    const jwks = createLocalJWKSet((await get(emulator, '/oidc/.well-known/jwks.json')).json)
    const { payload } = await jwtVerify(tokens.access_token, jwks, {
      issuer: emulator.issuer,
      audience: emulator.apps[0].appId,
      algorithms: ['RS256'],
    })
    expect(payload['scope']).toBe('openid profile email phone address')
  })

  it.each(['HS256', 'RS256'])('are ID tokens by %s with nonce and at_hash', async (alg) => {
    const app = alg === 'HS256' ? emulator.apps[0] : rs256
    const { tokens } = await signInForTokens(emulator, { nonce: 'my-nonce' }, app)
    const options = { issuer: emulator.issuer, audience: app.appId, algorithms: [alg] }
    const { payload } =
      alg === 'HS256'
        ? await jwtVerify(tokens.id_token, new TextEncoder().encode(app.secret), options)
        : await jwtVerify(
            tokens.id_token,
            createLocalJWKSet((await get(emulator, '/oidc/.well-known/jwks.json')).json),
            options,
          )
    expect(payload).toMatchObject({ nonce: 'my-nonce', at_hash: halfHash(tokens.access_token) })
  })

  it('carry the claims of the granted scopes and no others', async () => {
    const { tokens } = await signInForTokens(emulator, { scope: 'openid email username' })
    const own = ['nonce', 'at_hash', 'aud', 'exp', 'iat', 'iss']
    const claims = Object.keys(decodeJwt(tokens.id_token)).filter((name) => !own.includes(name))
    expect(claims).toEqual(['sub', 'email', 'email_verified', 'username'])
  })

  it('come without an ID token when the scope has no openid', async () => {
    const { tokens } = await signInForTokens(emulator, { scope: 'profile', nonce: undefined })
    expect(tokens).not.toHaveProperty('id_token')
  })

  it('give auth_time when max_age asks for it', async () => {
    const { tokens } = await signInForTokens(emulator, { max_age: '600' })
    expect(decodeJwt(tokens.id_token)['auth_time']).toBeTypeOf('number')
  })

  it('are made once for each code', async () => {
    const { callback } = await signInForTokens(emulator)
    const again = await exchange(callback.get('code'))
    expect([again.status, again.json]).toEqual([400, INVALID_GRANT])
  })

  it('end when their code comes a second time', async () => {
    const { tokens, callback } = await signInForTokens(emulator)
    await exchange(callback.get('code'))
    expect(await introspect(tokens.access_token)).toEqual({ active: false })
  })

  it('are refused for a foreign redirect URI, a foreign application and a wrong secret', async () => {
    const code = async () => paramsOf(await signIn(authorizeUrl(emulator))).get('code')
    expect((await exchange(await code(), { redirect_uri: 'http://localhost:3000/other' })).json).toEqual(INVALID_GRANT)
    expect((await exchange(await code(), { redirect_uri: emulator.apps[0].redirectUris[0] }, other)).json).toEqual(
      INVALID_GRANT,
    )
    const wrong = await exchange(await code(), { client_secret: 'x'.repeat(32) })
    expect([wrong.status, wrong.json]).toEqual([
      401,
      { error: 'invalid_client', error_description: 'client authentication failed' },
    ])
  })
})

describe('response types and modes', () => {
  const types = ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token', 'none']
  const modes = ['query', 'fragment', 'form_post', undefined]
  const cases = types.flatMap((type) =>
    modes.filter((mode) => mode !== 'query' || !/token/.test(type)).map((mode) => [type, mode] as const),
  )

  it.each(cases)('answers %s by %s', async (type, mode) => {
    const result = await signIn(authorizeUrl(emulator, { response_type: type, response_mode: mode }))
    const place = mode ?? (/token/.test(type) ? 'fragment' : 'query')
    expect(result.method).toBe(place === 'form_post' ? 'POST' : 'GET')
    const url = new URL(result.url)
    expect([url.search !== '', url.hash !== '', result.body !== undefined]).toEqual([
      place === 'query',
      place === 'fragment',
      place === 'form_post',
    ])
    const params = paramsOf(result)
    expect(params.get('state')).toBe('the-state')
    const parts = type.split(' ')
    expect(params.has('code')).toBe(parts.includes('code'))
    expect(params.has('access_token')).toBe(parts.includes('token'))
    expect(params.has('id_token')).toBe(parts.includes('id_token'))
    if (parts.includes('id_token')) {
      const claims = decodeJwt(params.get('id_token') ?? '')
      expect(claims['nonce']).toBe('the-nonce')
      expect(claims['at_hash']).toBe(parts.includes('token') ? halfHash(params.get('access_token') ?? '') : undefined)
      expect(claims['c_hash']).toBe(parts.includes('code') ? halfHash(params.get('code') ?? '') : undefined)
    }
    if (parts.includes('token')) expect((await introspect(params.get('access_token') ?? '')).active).toBe(true)
    if (parts.includes('code')) expect((await exchange(params.get('code'))).status).toBe(200)
  })

  it('refuses token alone', async () => {
    const params = paramsOf(await signIn(authorizeUrl(emulator, { response_type: 'token' })))
    expect(params.get('error')).toBe('unsupported_response_type')
  })

  it('refuses an implicit or hybrid request without a nonce', async () => {
    for (const type of ['id_token', 'id_token token', 'code id_token']) {
      const params = paramsOf(await signIn(authorizeUrl(emulator, { response_type: type, nonce: undefined })))
      expect(params.get('error')).toBe('invalid_request')
    }
  })

  it('refuses tokens by query', async () => {
    const params = paramsOf(await signIn(authorizeUrl(emulator, { response_type: 'id_token', response_mode: 'query' })))
    expect(params.get('error')).toBe('invalid_request')
  })

  it('answers web_message by a page with a script', async () => {
    const cookies = new Map<string, string>()
    await signIn(authorizeUrl(emulator), { cookies })
    const url = authorizeUrl(emulator, { response_mode: 'web_message', prompt: 'none' })
    await expect(signIn(url, { cookies })).rejects.toThrow(/web_message/)
  })
})

describe('PKCE', () => {
  const { verifier, challenge } = makePkce()
  const codeFor = async (params: Record<string, string | undefined>) =>
    paramsOf(await signIn(authorizeUrl(emulator, params))).get('code')

  it.each([
    ['S256', { code_challenge: challenge, code_challenge_method: 'S256' }],
    ['plain', { code_challenge: verifier, code_challenge_method: 'plain' }],
    ['no method, which means plain', { code_challenge: verifier }],
  ])('works by %s', async (_, params) => {
    const code = await codeFor(params)
    expect((await exchange(code, { code_verifier: makePkce().verifier })).json).toEqual(INVALID_GRANT)
    expect((await exchange(code)).json).toEqual(INVALID_GRANT)
    // A wrong verifier has not spent the code.
    expect((await exchange(code, { code_verifier: verifier })).status).toBe(200)
  })

  it('takes no verifier where the request had no challenge', async () => {
    expect((await exchange(await codeFor({}), { code_verifier: verifier })).json).toEqual(INVALID_GRANT)
  })

  it.each([
    ['too short', { code_challenge: 'short', code_challenge_method: 'plain' }],
    ['too long', { code_challenge: 'x'.repeat(129), code_challenge_method: 'plain' }],
    ['outside the alphabet', { code_challenge: `${'x'.repeat(42)}+`, code_challenge_method: 'plain' }],
    ['missing', { code_challenge_method: 'plain' }],
    ['by an unknown method', { code_challenge: challenge, code_challenge_method: 'S512' }],
  ])('refuses a challenge that is %s', async (_, params) => {
    const callback = paramsOf(await signIn(authorizeUrl(emulator, params)))
    expect([callback.get('error'), callback.get('state')]).toEqual(['invalid_request', 'the-state'])
  })

  it('refuses two challenges', async () => {
    const url = authorizeUrl(emulator, { code_challenge: verifier })
    url.searchParams.append('code_challenge', challenge)
    expect(paramsOf(await signIn(url)).get('error')).toBe('invalid_request')
  })
})

describe('refresh tokens', () => {
  it('come with offline_access and consent only', async () => {
    const { tokens } = await signInForTokens(emulator, OFFLINE)
    expect(tokens.refresh_token).toMatch(/^[\w-]{43}$/)
    const without = await signInForTokens(emulator, { scope: OFFLINE.scope })
    expect(without.tokens).not.toHaveProperty('refresh_token')
    expect(without.tokens.scope).toBe('openid profile')
  })

  it('give a new ID token of the same user, with at_hash and without a nonce', async () => {
    const { tokens } = await signInForTokens(emulator, OFFLINE)
    const { json } = await refresh(tokens.refresh_token)
    const claims = decodeJwt(json.id_token)
    expect(claims.sub).toBe(decodeJwt(tokens.id_token).sub)
    expect(claims).not.toHaveProperty('nonce')
    expect(claims['at_hash']).toBe(halfHash(json.access_token))
  })

  it('rotate, and an old one that comes back ends the whole family', async () => {
    const { tokens } = await signInForTokens(emulator, OFFLINE)
    const next = (await refresh(tokens.refresh_token)).json
    expect(next.refresh_token).not.toBe(tokens.refresh_token)
    expect((await refresh(tokens.refresh_token)).json).toEqual(INVALID_GRANT)
    expect((await refresh(next.refresh_token)).json).toEqual(INVALID_GRANT)
    expect(await introspect(next.access_token)).toEqual({ active: false })
  })

  it('work for their own application only', async () => {
    const { tokens } = await signInForTokens(emulator, OFFLINE)
    expect((await refresh(tokens.refresh_token, other)).json).toEqual(INVALID_GRANT)
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
  })

  it('stay the same where rotation is off', async () => {
    const still = await startEmulator({ rotate: false })
    const { tokens } = await signInForTokens(still, OFFLINE)
    const body = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
    for (let times = 0; times < 2; times++) {
      expect((await post(still, '/oidc/token', body)).json.refresh_token).toBe(tokens.refresh_token)
    }
    await still.stop()
  })
})

describe('introspection', () => {
  it.each(['access_token', 'refresh_token'] as const)(
    'of a live %s has the shape that GenAuth documents',
    async (kind) => {
      const { tokens } = await signInForTokens(emulator, OFFLINE)
      const answer = await introspect(tokens[kind])
      expect(Object.keys(answer).sort()).toEqual(
        ['active', 'sub', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'token_type'].sort(),
      )
      expect(answer).toMatchObject({
        active: true,
        client_id: emulator.apps[0].appId,
        iss: emulator.issuer,
        token_type: 'Bearer',
        scope: 'openid profile offline_access',
        jti: expect.stringMatching(/^[\w-]{21}$/),
      })
    },
  )

  it('of anything else says that it is not active, and nothing more', async () => {
    const { tokens } = await signInForTokens(emulator)
    const [head = '', body = '', signature = ''] = tokens.access_token.split('.')
    const forged = `${head}.${body}.${signature.slice(0, -4)}AAAA`
    const { jti = '' } = decodeJwt(tokens.access_token)
    for (const token of ['unknown', 'a.b.c', tokens.id_token, forged, jti, `x:${jti}`]) {
      expect(await introspect(token)).toEqual({ active: false })
    }
    expect(await introspect(tokens.access_token, other)).toEqual({ active: false })
  })

  it('wants a token', async () => {
    expect((await post(emulator, '/oidc/token/introspection', {})).json.error).toBe('invalid_request')
  })

  it('takes a token_type_hint, a wrong one too', async () => {
    const { tokens } = await signInForTokens(emulator, OFFLINE)
    for (const hint of ['access_token', 'refresh_token', 'nonsense']) {
      const body = { token: tokens.access_token, token_type_hint: hint }
      expect((await post(emulator, '/oidc/token/introspection', body)).json.active).toBe(true)
    }
  })
})

describe('revocation', () => {
  const revoke = (token: string, app = emulator.apps[0]) => post(emulator, '/oidc/token/revocation', { token }, app)

  it('of a refresh token ends it and the access tokens made with it', async () => {
    const { tokens } = await signInForTokens(emulator, OFFLINE)
    const { status, text } = await revoke(tokens.refresh_token)
    expect([status, text]).toEqual([200, ''])
    expect(await introspect(tokens.refresh_token)).toEqual({ active: false })
    expect(await introspect(tokens.access_token)).toEqual({ active: false })
  })

  it('of an access token ends the whole grant, the refresh token included', async () => {
    const { tokens } = await signInForTokens(emulator, OFFLINE)
    await revoke(tokens.access_token)
    const me = await fetch(`${emulator.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
    expect(me.status).toBe(401)
    expect((await refresh(tokens.refresh_token)).json).toEqual(INVALID_GRANT)
  })

  it('of an unknown token is an empty 200', async () => {
    for (const token of ['unknown', 'a.b.c']) {
      const { status, text, headers } = await revoke(token)
      expect([status, text, headers.get('content-type')]).toEqual([200, '', 'text/plain; charset=utf-8'])
    }
  })

  it("of another application's token changes nothing", async () => {
    const { tokens } = await signInForTokens(emulator, OFFLINE)
    await revoke(tokens.access_token, other)
    await revoke(tokens.refresh_token, other)
    expect((await introspect(tokens.access_token)).active).toBe(true)
  })
})

describe('user info', () => {
  it('has null for what is unknown', async () => {
    const { tokens } = await signInForTokens(emulator)
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    const { json } = await get(emulator, '/oidc/me', headers)
    expect(json).toEqual({
      sub: decodeJwt(tokens.access_token).sub,
      address: { country: null, postal_code: null, region: null, formatted: null },
      birthdate: null,
      family_name: null,
      gender: 'U',
      given_name: null,
      locale: null,
      middle_name: null,
      name: null,
      nickname: null,
      picture: expect.stringMatching(/^https:/),
      preferred_username: 'alice',
      profile: null,
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      website: null,
      zoneinfo: null,
      email: 'alice@example.com',
      email_verified: false,
      phone_number: null,
      phone_number_verified: false,
    })
    expect(json.sub).toMatch(/^[0-9a-f]{24}$/)
  })

  it("takes the token in every place that GenAuth's SDKs put it", async () => {
    const { tokens } = await signInForTokens(emulator)
    const { access_token } = tokens
    const me = `${emulator.issuer}/me`
    const authorization = `Bearer ${access_token}`
    const answers = await Promise.all([
      fetch(me, { headers: { authorization } }),
      fetch(me, { method: 'POST', headers: { authorization } }),
      fetch(`${me}?access_token=${access_token}`),
      fetch(me, { method: 'POST', body: new URLSearchParams({ access_token }) }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  })

  it('refuses what is no access token of its own', async () => {
    const { tokens } = await signInForTokens(emulator)
    for (const token of ['unknown', tokens.id_token, decodeJwt(tokens.access_token).jti]) {
      const { status, json, headers } = await get(emulator, '/oidc/me', { authorization: `Bearer ${token}` })
      expect([status, json.error]).toEqual([401, 'invalid_token'])
      expect(headers.get('www-authenticate')).toMatch(/^Bearer /)
    }
  })
})

describe('client credentials', () => {
  const ask = (params: Record<string, string | undefined>) =>
    post(emulator, '/oidc/token', { grant_type: 'client_credentials', ...params })

  it('give an access token without a user, for the scope that was asked', async () => {
    const { accessKey, accessSecret, appId } = emulator.apps[0]
    const { json } = await ask({
      client_id: accessKey,
      client_secret: accessSecret,
      scope: 'email openid profile phone',
    })
    expect(Object.keys(json).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
    expect(json.scope).toBe('email openid profile phone')
    const claims = decodeJwt(json.access_token)
    expect(claims).toMatchObject({ aud: appId, azp: accessKey, iss: emulator.issuer })
    expect(claims).not.toHaveProperty('sub')
    expect(decodeProtectedHeader(json.access_token).alg).toBe('RS256')
    expect((await introspect(json.access_token)).active).toBe(true)
    const me = await fetch(`${emulator.issuer}/me`, { headers: { authorization: `Bearer ${json.access_token}` } })
    expect(me.status).toBe(401)
  })

  it('leave out a scope that nothing names, and give one that an option names', async () => {
    const more = await startEmulator({ scopes: { 'orders:read': [] } })
    const { accessKey, accessSecret } = more.apps[0]
    const body = { grant_type: 'client_credentials', client_id: accessKey, client_secret: accessSecret }
    const { json } = await post(more, '/oidc/token', { ...body, scope: 'orders:read orders:write email' })
    expect(json.scope).toBe('orders:read email')
    await more.stop()
  })

  it('refuse a wrong secret and an unknown key', async () => {
    const { accessKey, accessSecret } = emulator.apps[0]
    for (const pair of [
      { client_id: accessKey, client_secret: 'wrong' },
      { client_id: 'unknown', client_secret: accessSecret },
    ]) {
      const { status, json } = await ask({ ...pair, scope: 'email' })
      expect([status, json.error]).toEqual([401, 'invalid_client'])
    }
  })
})

describe('two applications', () => {
  it('cannot use each other: the ID token of one has not the audience of the other', async () => {
    const one = await signInForTokens(emulator)
    const two = await signInForTokens(emulator, {}, other)
    expect(decodeJwt(one.tokens.id_token).sub).toBe(decodeJwt(two.tokens.id_token).sub)
    expect(decodeJwt(one.tokens.id_token).aud).not.toBe(decodeJwt(two.tokens.id_token).aud)
    const key = new TextEncoder().encode(other.secret)
    await expect(jwtVerify(one.tokens.id_token, key)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    })
  })
})

describe('the issuer in the callback', () => {
  it('is there, except where an ID token carries it', async () => {
    expect(paramsOf(await signIn(authorizeUrl(emulator))).get('iss')).toBe(emulator.issuer)
    expect(paramsOf(await signIn(authorizeUrl(emulator), { deny: true })).get('iss')).toBe(emulator.issuer)
    expect(paramsOf(await signIn(authorizeUrl(emulator, { response_type: 'code id_token' }))).has('iss')).toBe(false)
  })

  it('is nowhere when it is turned off, as with an older engine', async () => {
    const old = await startEmulator({ iss: false })
    const metadata = (await get(old, '/oidc/.well-known/openid-configuration')).json
    expect(metadata).not.toHaveProperty('authorization_response_iss_parameter_supported')
    for (const mode of ['query', 'fragment', 'form_post']) {
      for (const deny of [false, true]) {
        const result = await signIn(authorizeUrl(old, { response_mode: mode }), { deny })
        const params = paramsOf(result)
        expect(params.has('iss')).toBe(false)
        expect([params.get('state'), params.get('error')]).toEqual(['the-state', deny ? 'access_denied' : null])
        expect(params.has(deny ? 'error_description' : 'code')).toBe(true)
      }
    }
    await old.stop()
  })
})

describe('at_hash', () => {
  it('is left out of the token endpoint when it is turned off, and stays in the front channel', async () => {
    const without = await startEmulator({ atHash: false })
    const { tokens } = await signInForTokens(without)
    expect(decodeJwt(tokens.id_token)).not.toHaveProperty('at_hash')
    const front = paramsOf(await signIn(authorizeUrl(without, { response_type: 'id_token token' })))
    expect(decodeJwt(front.get('id_token') ?? '')).toHaveProperty('at_hash')
    await without.stop()
  })
})

describe('key rotation', () => {
  it('signs with a new key and keeps the old one until it is told to forget', async () => {
    const rotating = await startEmulator({ idTokenAlg: 'RS256' })
    const kids = async () =>
      (await get(rotating, '/oidc/.well-known/jwks.json')).json.keys.map(({ kid }: { kid: string }) => kid)
    const userInfo = async (token: string) =>
      (await get(rotating, '/oidc/me', { authorization: `Bearer ${token}` })).status
    const before = await signInForTokens(rotating)
    const [old] = await kids()

    rotating.rotateKeys()
    const after = await signInForTokens(rotating)
    const kid = decodeProtectedHeader(after.tokens.id_token).kid
    expect(kid).not.toBe(old)
    expect(await kids()).toEqual([kid, old])
    expect(await userInfo(before.tokens.access_token)).toBe(200)

    rotating.rotateKeys({ forgetOld: true })
    expect(await kids()).toHaveLength(1)
    expect(await userInfo(before.tokens.access_token)).toBe(401)
    await rotating.stop()
  })
})

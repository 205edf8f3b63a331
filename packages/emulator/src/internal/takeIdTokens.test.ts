import { decodeJwt, SignJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { authorizeUrl, basic, get, paramsOf, post, type Params } from '../../test/walk.js'
import { signIn } from '../signIn.js'
import { startEmulator } from '../startEmulator.js'
import type { Emulator, EmulatorApp, EmulatorOptions } from '../types.js'

const GRANT = 'http://authing.cn/oidc/grant_type/authing_token'
const options: EmulatorOptions = {
  features: { authingToken: true, jwtClientAuth: true, signingAlgs: ['ES256'] },
  apps: [
    {},
    { idTokenAlg: 'RS256', authMethods: { token: 'client_secret_basic' } },
    { public: true },
    { metadata: { id_token_signed_response_alg: 'ES256' } },
    { metadata: { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } } },
  ],
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator(options)
})
afterAll(() => emulator.stop())

const tokensFor = async (app: EmulatorApp = emulator.apps[0]) => {
  const code = paramsOf(await signIn(authorizeUrl(emulator, {}, app))).get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUris[0] }
  const { appId, authMethods, secret = '' } = app
  const byHeader = authMethods.token === 'client_secret_basic'
  const { json } = await post(
    emulator,
    '/oidc/token',
    form,
    app,
    byHeader ? { authorization: basic(appId, secret) } : {},
  )
  return json as { readonly access_token: string; readonly id_token: string }
}
/** As GenAuth's SDKs ask: without authentication, and with an empty scope where none is wanted. */
const ask = (token: string | undefined, params: Params = {}, app: EmulatorApp = emulator.apps[0], headers = {}) => {
  const form = { grant_type: GRANT, client_id: app.appId, redirect_uri: app.redirectUris[0], token, scope: '' }
  return post(emulator, '/oidc/token', { ...form, client_secret: undefined, ...params }, app, headers)
}
/** Made with the application's secret, which many know: all but these claims is right. */
const forge = async (changes: JWTPayload, header: object = {}) =>
  new SignJWT({ ...decodeJwt((await tokensFor()).id_token), ...changes })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header })
    .sign(new TextEncoder().encode(emulator.apps[0].secret))

describe('an ID token', () => {
  it.each(['HS256', 'RS256', 'RS256 of a public application', 'ES256'])(
    'gives the application that got it an access token, without a secret: %s',
    async (which) => {
      const app = emulator.apps[['HS256', 'RS256', 'RS256 of a public application', 'ES256'].indexOf(which)]
      const { id_token: idToken } = await tokensFor(app)
      const { status, json } = await ask(idToken, { scope: 'openid email offline_access unknown' }, app)
      expect(status).toBe(200)
      expect(json).toEqual({
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'openid email',
      })
      const me = await get(emulator, '/oidc/me', { authorization: `Bearer ${json.access_token}` })
      expect(me.json).toEqual({ sub: decodeJwt(idToken).sub, email: 'alice@example.com', email_verified: false })
      expect((await ask(idToken, {}, app)).json.scope).toBe('openid')
    },
  )

  it.each<[string, JWTPayload, object, RegExp]>([
    ['another issuer', { iss: 'https://elsewhere.example' }, {}, /issuer/],
    ['another audience', { aud: 'another-app' }, {}, /audience/],
    ['no expiry', { exp: undefined }, {}, /expired/],
    ['an expiry in the past', { exp: 1 }, {}, /expired/],
    ['the subject of nobody', { sub: 'nobody' }, {}, /nobody here has its sub/],
    ['the scope of an access token', { scope: 'openid' }, {}, /another kind of token/],
    ['the type of a logout token', {}, { typ: 'logout+jwt' }, /another kind of token/],
  ])('is refused with %s, and says so', async (_, changes, header, reason) => {
    const { status, json } = await ask(await forge(changes, header))
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    expect(json.error_description).toMatch(reason)
  })

  it('is refused when nobody here signed it, or for another application, or when it is an access token', async () => {
    expect((await ask(await forge({}))).status).toBe(200)
    const { id_token: idToken } = await tokensFor()
    const [, second] = emulator.apps
    const rs = await tokensFor(second)
    for (const [token, app] of [
      [idToken.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')), undefined],
      [idToken, second],
      [rs.id_token, undefined],
      [rs.access_token, second],
      ['an.id.token', undefined],
      ['nonsense', undefined],
    ] as const) {
      expect((await ask(token, {}, app)).json.error).toBe('invalid_grant')
    }
  })

  it('is refused when its time is over, and when its key is forgotten', async () => {
    const one = await startEmulator({ ...options, ttl: { idToken: 10 } })
    const form = async (index: number) => {
      const app = one.apps[index] as EmulatorApp
      const code = paramsOf(await signIn(authorizeUrl(one, {}, app))).get('code') ?? ''
      const redirect_uri = app.redirectUris[0]
      const { json } = await post(one, '/oidc/token', { grant_type: 'authorization_code', code, redirect_uri }, app)
      return [{ grant_type: GRANT, redirect_uri, token: json.id_token as string }, app] as const
    }
    const [old, app] = await form(0)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11_000 })
    const late = await post(one, '/oidc/token', old, app)
    vi.useRealTimers()
    expect(late.json.error_description).toMatch(/expired/)

    const [signed, spa] = await form(2)
    one.rotateKeys()
    expect((await post(one, '/oidc/token', signed, spa)).status).toBe(200)
    one.rotateKeys({ forgetOld: true })
    expect((await post(one, '/oidc/token', signed, spa)).json.error).toBe('invalid_grant')
    await one.stop()
  })
})

describe('the application', () => {
  it('has to name one of its redirect URIs, and the token', async () => {
    const { id_token: idToken } = await tokensFor()
    const error = async (token: string | undefined, params: Params) => (await ask(token, params)).json.error
    expect(await error(idToken, { redirect_uri: 'http://localhost:3000/other' })).toBe('invalid_grant')
    expect(await error(idToken, { redirect_uri: undefined })).toBe('invalid_request')
    expect(await error(undefined, {})).toBe('invalid_request')
  })

  it('is authenticated where it says who it is, and where its metadata names a method', async () => {
    const { id_token: idToken } = await tokensFor()
    const [app] = emulator.apps
    expect((await ask(idToken, { client_secret: app.secret })).status).toBe(200)
    expect((await ask(idToken, { client_secret: 'wrong' })).json.error).toBe('invalid_client')
    const header = { authorization: basic(app.appId, 'wrong') }
    expect((await ask(idToken, { client_id: undefined }, app, header)).json.error).toBe('invalid_client')
    expect((await ask(idToken, {}, emulator.apps[4])).json.error).toBe('invalid_client')
  })

  it('has no other grant without its secret', async () => {
    const { id_token: idToken } = await tokensFor()
    for (const grant_type of ['authorization_code', 'refresh_token', 'client_credentials', 'unknown']) {
      expect((await ask(idToken, { grant_type })).json.error).toBe('invalid_client')
    }
    const { appId, redirectUris } = emulator.apps[0]
    const form = { grant_type: GRANT, client_id: appId, client_secret: undefined, redirect_uri: redirectUris[0] }
    expect((await post(emulator, '/oauth/token', { ...form, token: idToken })).json.error).toBe('invalid_client')
    const body = { ...form, token: idToken }
    expect((await post(emulator, '/oidc/token/introspection', body)).json.error).toBe('invalid_client')
  })
})

import type { OauthConfig, OidcConfig } from '@genauth-oidc/core/types'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator, EmulatorApp, EndpointAuthMethod } from '@genauth-oidc/emulator/types'
import { calculateCodeChallenge } from '@genauth-oidc/pkce/calculateCodeChallenge'
import { generateCodeVerifier } from '@genauth-oidc/pkce/generateCodeVerifier'
import { getAccessTokenByClientCredentials } from '@genauth-oidc/tokens/getAccessTokenByClientCredentials'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { validateToken } from '@genauth-oidc/tokens/validateToken'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, configBy, configOf, failure, OFFLINE, tokensOf, type TokenProtocol } from './internal/flows.js'

const everywhere = (method: EndpointAuthMethod) => ({
  authMethods: { token: method, introspection: method, revocation: method },
})
const APPS = {
  client_secret_post: everywhere('client_secret_post'),
  client_secret_basic: everywhere('client_secret_basic'),
  'none, with a secret that signs': everywhere('none'),
  'none, a public client': { public: true },
  'another method at each endpoint': {
    authMethods: { token: 'client_secret_basic', introspection: 'client_secret_post', revocation: 'none' },
  },
  'client_secret_post, RS256': { ...everywhere('client_secret_post'), idTokenAlg: 'RS256' },
} as const
const METHODS = Object.keys(APPS) as (keyof typeof APPS)[]

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ apps: Object.values(APPS) })
})
afterAll(() => emulator.stop())

const appOf = (method: keyof typeof APPS): EmulatorApp => emulator.apps[METHODS.indexOf(method)]!

describe.each(['oidc', 'oauth'] as const)('protocol %s', (protocol: TokenProtocol) => {
  describe.each(METHODS)('client authentication: %s', (method) => {
    const sent: string[] = []
    let app: EmulatorApp
    let config: OidcConfig | OauthConfig
    let tokens: TokenResponse & { readonly refresh_token: string; readonly id_token: string }
    beforeAll(async () => {
      app = appOf(method)
      config = configBy(protocol, app, (url, init) => {
        sent.push(`${init.method} ${new URL(url).pathname}`)
        return fetch(url, init)
      })
      tokens = await tokensOf(config)
    })

    it('exchanges a code for tokens', () => {
      expect(sent[0]).toBe(`POST /${protocol}/token`)
      expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
      expect(tokens.access_token).toMatch(protocol === 'oidc' ? /^eyJ/ : /^[\da-f]{40}$/)
      expect(tokens.refresh_token).toMatch(protocol === 'oidc' ? /^[\w-]{43}$/ : /^[\da-f]{40}$/)
      expect(tokens.expires_at).toBeCloseTo(Date.now() / 1000 + (tokens.expires_in ?? NaN), -2)
      if (protocol === 'oauth') expect(tokens).not.toHaveProperty('id_token')
      else expect(tokens.claims).toMatchObject({ iss: emulator.issuer, aud: app.appId, email: 'alice@example.com' })
    })

    it('gives user info, of the ID token’s subject', async () => {
      const accessToken = tokens.access_token
      const expectedSubject = tokens.claims?.sub
      expect(await getUserInfoByAccessToken(config, { accessToken, expectedSubject })).toMatchObject({
        sub: expectedSubject ?? expect.any(String),
        email: 'alice@example.com',
        gender: 'U',
        given_name: null,
        updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      })
      expect(sent.at(-1)).toBe(`GET /${protocol}/me`)
    })

    it('introspects a live access token and a live refresh token', async () => {
      for (const token of [tokens.access_token, tokens.refresh_token]) {
        expect(await introspectToken(config, token)).toMatchObject({ active: true, client_id: app.appId })
      }
      expect(await introspectToken(config, { token: tokens.refresh_token, tokenTypeHint: 'refresh_token' })).toEqual(
        await introspectToken(config, tokens.refresh_token),
      )
      expect(sent.at(-1)).toBe(`POST /${protocol}/token/introspection`)
    })

    it('knows nothing of a token that it never gave', async () => {
      expect(await introspectToken(config, 'no-such-token')).toEqual({ active: false })
    })

    if (protocol === 'oidc')
      it('validates an ID token and an access token online', async () => {
        expect(await validateToken(config, { idToken: tokens.id_token })).toMatchObject({ sub: tokens.claims?.sub })
        expect(await validateToken(config, { accessToken: tokens.access_token })).toMatchObject({
          sub: tokens.claims?.sub,
          aud: app.appId,
          scope: tokens.scope,
        })
        expect(sent.at(-1)).toBe('GET /api/v2/oidc/validate_token')
      })
    else
      it('has no token that GenAuth validates online: they are of OpenID Connect', async () => {
        const { access_token: accessToken } = tokens
        expect(await failure(validateToken(config, { accessToken }), 'endpoint_error', [accessToken])).toMatchObject({
          vendorCode: 400,
          vendorMessage: 'access_token format is incorrect',
        })
      })

    if (protocol === 'oidc')
      it('gives tokens whose signatures hold here', async () => {
        const { access_token: accessToken, id_token: idToken } = tokens
        expect(await verifyAccessToken(config, accessToken, { scope: 'openid email' })).toMatchObject({
          aud: app.appId,
        })
        // With method none the secret is not sent, and yet it signs.
        expect(await verifyIdToken(configOf(app), idToken, { accessToken })).toEqual(tokens.claims)
      })

    it('refreshes, rotates, and keeps the user', async () => {
      const own = await tokensOf(config)
      const next = await getNewAccessTokenByRefreshToken(config, { refreshToken: own.refresh_token, previous: own })
      expect(next.access_token).not.toBe(own.access_token)
      expect(next.refresh_token).not.toBe(own.refresh_token)
      expect(next.claims?.sub).toBe(own.claims?.sub)
      expect(next.claims).not.toEqual(expect.objectContaining({ nonce: expect.anything() }))
      expect(await introspectToken(config, own.refresh_token)).toEqual({ active: false })
      expect(await introspectToken(config, next.refresh_token ?? '')).toMatchObject({ active: true })
    })

    it('revokes a refresh token and an access token', async () => {
      const own = await tokensOf(config)
      for (const token of [own.refresh_token, own.access_token]) {
        expect(await revokeToken(config, token)).toBe(true)
        expect(sent.at(-1)).toBe(`POST /${protocol}/token/revocation`)
        expect(await introspectToken(config, token)).toEqual({ active: false })
      }
    })

    it('counts the revocation of an unknown token as done', async () => {
      expect(await revokeToken(config, 'no-such-token')).toBe(true)
    })

    it('gives a machine a token by its own keys, whatever method the application has', async () => {
      const { accessKey, accessSecret } = app
      const scope = protocol === 'oidc' ? 'email openid profile phone' : 'user'
      const machine = await getAccessTokenByClientCredentials(config, { scope, accessKey, accessSecret })
      expect(machine).toMatchObject({ token_type: 'Bearer', access_token: expect.any(String) })
      expect(machine).not.toHaveProperty('refresh_token')
      expect(machine).not.toHaveProperty('id_token')
    })

    it.each(['S256', 'plain'] as const)('binds the code to a verifier by %s', async (codeChallengeMethod) => {
      const codeVerifier = generateCodeVerifier()
      const codeChallenge = await calculateCodeChallenge(codeVerifier, codeChallengeMethod)
      const { code } = await codeOf(config, { codeChallenge, codeChallengeMethod })
      expect(await getAccessTokenByCode(config, { code, codeVerifier })).toHaveProperty('access_token')
    })

    it('[R5] binds the code by S256 where the link names no method', async () => {
      const codeVerifier = generateCodeVerifier()
      const { code } = await codeOf(config, { codeChallenge: await calculateCodeChallenge(codeVerifier) })
      expect(await getAccessTokenByCode(config, { code, codeVerifier })).toHaveProperty('access_token')
    })

    it.each(['S256', 'plain'] as const)('does not give the tokens without the verifier of %s', async (method) => {
      const codeVerifier = generateCodeVerifier()
      const codeChallenge = await calculateCodeChallenge(codeVerifier, method)
      const { code } = await codeOf(config, { codeChallenge, codeChallengeMethod: method })
      expect(await failure(getAccessTokenByCode(config, { code }), 'endpoint_error', [code])).toMatchObject({
        error: 'invalid_grant',
      })
    })
  })
})

describe('offline_access', () => {
  it('brings a refresh token with the consent that the link asks for', async () => {
    expect(await tokensOf(configOf(appOf('client_secret_post')), OFFLINE)).toHaveProperty('refresh_token')
  })

  it('brings none where the link asks for no consent: the server drops it in silence', async () => {
    const config = configOf(appOf('client_secret_post'))
    // One who has agreed before is not asked again unless the prompt says so.
    expect(await tokensOf(config, { ...OFFLINE, prompt: 'login' })).not.toHaveProperty('refresh_token')
  })

  it('brings none where it is not asked for', async () => {
    expect(await tokensOf(configOf(appOf('client_secret_post')), { scope: 'openid' })).not.toHaveProperty(
      'refresh_token',
    )
  })
})

describe('scopes and claims', () => {
  it.each([
    ['openid', ['sub']],
    ['openid email', ['email', 'email_verified', 'sub']],
    ['openid phone', ['phone_number', 'phone_number_verified', 'sub']],
    ['openid address', ['address', 'sub']],
  ])('%s opens %j', async (scope, names) => {
    const config = configOf(appOf('client_secret_post'))
    const { access_token } = await tokensOf(config, { scope })
    expect(Object.keys(await getUserInfoByAccessToken(config, access_token)).sort()).toEqual(names)
  })

  it('a refresh may ask for less, and never gets more', async () => {
    const config = configOf(appOf('client_secret_post'))
    const { refresh_token: refreshToken } = await tokensOf(config)
    const less = await getNewAccessTokenByRefreshToken(config, { refreshToken, scope: 'openid email' })
    expect(less.scope?.split(' ').sort()).toEqual(['email', 'openid'])
    const more = getNewAccessTokenByRefreshToken(config, {
      refreshToken: less.refresh_token ?? '',
      scope: 'openid address',
    })
    expect(await failure(more, 'endpoint_error')).toMatchObject({ error: 'invalid_scope' })
  })
})

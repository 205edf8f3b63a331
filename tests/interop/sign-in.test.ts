import { discover } from '@genauth-oidc/core/discover'
import type { ConfigInput, OidcConfig } from '@genauth-oidc/core/types'
import { signIn, type SignInOptions } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator, EmulatorOptions } from '@genauth-oidc/emulator/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
import { validateToken } from '@genauth-oidc/tokens/validateToken'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { readCallback } from '@genauth-oidc/urls/readCallback'
import type { AuthorizeParams } from '@genauth-oidc/urls/types'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callbackOf, codeOf, configOf, failure, tokensOf } from './internal/flows.js'

const RESPONSE_TYPES = [
  'code',
  'id_token',
  'id_token token',
  'code id_token',
  'code token',
  'code id_token token',
  'none',
] as const
const MODES = [undefined, 'query', 'fragment', 'form_post'] as const
const isForbidden = (type: string, mode: string | undefined): boolean => mode === 'query' && type.includes('token')

const combinations = RESPONSE_TYPES.flatMap((responseType) =>
  MODES.map((responseMode) => ({ responseType, responseMode })),
)

/** Follows a link, and gives what is needed to judge the callback. */
async function follow(config: OidcConfig, params: AuthorizeParams, options: SignInOptions = {}) {
  const url = buildAuthorizeUrl(config, params)
  const arrived = await signIn(url, options)
  return {
    callback: callbackOf(arrived),
    arrived,
    state: url.searchParams.get('state') ?? '',
    nonce: url.searchParams.get('nonce') ?? '',
  }
}

// One and the same for a provider that says who it is in each callback, one that does not, and both algorithms.
const providers: Readonly<Record<string, EmulatorOptions>> = {
  'HS256, with iss': {},
  'RS256, with iss': { idTokenAlg: 'RS256' },
  'HS256, an engine without iss': { iss: false },
}

describe.each(Object.entries(providers))('%s', (_, options) => {
  let emulator: Emulator
  let config: OidcConfig
  beforeAll(async () => {
    emulator = await startEmulator(options)
    config = configOf(emulator.apps[0])
  })
  afterAll(() => emulator.stop())

  describe.each(combinations.filter(({ responseType, responseMode }) => !isForbidden(responseType, responseMode)))(
    'response type $responseType, mode $responseMode',
    ({ responseType, responseMode }) => {
      const params = { responseType, ...(responseMode && { responseMode }) }

      it('brings what it calls for, where it calls for it, and the tokens hold', async () => {
        const { callback, arrived, state, nonce } = await follow(config, params)
        const mode = responseMode ?? (responseType.includes('token') ? 'fragment' : 'query')
        expect(arrived.method).toBe(mode === 'form_post' ? 'POST' : 'GET')
        expect(new URL(arrived.url)[mode === 'fragment' ? 'hash' : 'search'] === '').toBe(mode === 'form_post')

        const answer = (await readCallback(config, callback, { state, ...params })) as Partial<Record<string, string>>
        const parts = responseType.split(' ')
        expect('code' in answer).toBe(parts.includes('code'))
        expect('id_token' in answer).toBe(parts.includes('id_token'))
        expect('access_token' in answer).toBe(parts.includes('token'))

        const { code, id_token: idToken, access_token: accessToken } = answer
        if (idToken !== undefined) {
          const expected = { nonce, state, code, accessToken, frontChannel: true, fresh: true }
          expect(await verifyIdToken(config, idToken, expected)).toMatchObject({ aud: config.appId })
        }
        if (accessToken !== undefined) {
          expect(await getUserInfoByAccessToken(config, accessToken)).toHaveProperty('sub')
        }
        if (code !== undefined) {
          const { claims, id_token = '' } = await getAccessTokenByCode(config, { code, nonce })
          expect(await verifyIdToken(config, id_token, { nonce })).toEqual(claims)
        }
      })

      it('is refused where another answer was expected', async () => {
        const { callback, state } = await follow(config, params)
        const other = responseType === 'code' ? 'id_token' : 'code'
        const error = await failure(readCallback(config, callback, { state, responseType: other }), 'callback_invalid')
        expect(error.reason).toMatch(/^(place|missing|unexpected)$/)
      })

      it('[R11] is refused with another state', async () => {
        const { callback } = await follow(config, params)
        expect(
          await failure(readCallback(config, callback, { state: 'x'.repeat(43), ...params }), 'callback_invalid'),
        ).toMatchObject({ reason: 'state' })
      })

      it('brings the refusal of the user as an error, in the same place', async () => {
        const { callback, arrived, state } = await follow(config, params, { deny: true })
        expect(arrived.method).toBe(responseMode === 'form_post' ? 'POST' : 'GET')
        expect(
          await failure(readCallback(config, callback, { state, ...params }), 'authorization_error'),
        ).toMatchObject({ error: 'access_denied', errorDescription: 'End-User aborted interaction' })
      })

      it('brings login_required when nobody may be asked and nobody is signed in', async () => {
        const { callback, state } = await follow(config, { ...params, prompt: 'none' })
        expect(
          await failure(readCallback(config, callback, { state, ...params }), 'authorization_error'),
        ).toMatchObject({ error: 'login_required', errorDescription: expect.any(String) })
      })
    },
  )

  it('signs in by beginLogin and completeLogin', async () => {
    const { url, transaction } = await beginLogin(config)
    const { claims } = await completeLogin(config, callbackOf(await signIn(url)), transaction)
    expect(claims.email).toBe('alice@example.com')
  })
})

describe.each(combinations.filter(({ responseType, responseMode }) => isForbidden(responseType, responseMode)))(
  '[R3] response type $responseType, mode query',
  (params) => {
    it('is refused before anybody is sent anywhere: a token in a query stands in logs', () => {
      const config = { appId: 'an-app', appHost: 'https://sample-app.genauth.ai', redirectUri: 'https://a.example/cb' }
      expect(() => buildAuthorizeUrl(config, params)).toThrow(
        expect.objectContaining({ code: 'argument_invalid', argument: 'responseMode' }),
      )
    })
  },
)

describe('with the two applications of one GenAuth', () => {
  let emulator: Emulator
  let config: OidcConfig
  let other: OidcConfig
  beforeAll(async () => {
    emulator = await startEmulator({ idTokenAlg: 'RS256' })
    const [first, second] = emulator.apps
    config = configOf(first)
    other = configOf(second!)
  })
  afterAll(() => emulator.stop())

  it('a code of the one is no code of the other', async () => {
    const { code } = await codeOf(config)
    expect(await failure(getAccessTokenByCode(other, { code }), 'endpoint_error', [code])).toMatchObject({
      error: 'invalid_grant',
    })
    const redirectUri = config.redirectUri
    expect(await failure(getAccessTokenByCode(other, { code, redirectUri }), 'endpoint_error', [code])).toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('a refresh token of the one is no refresh token of the other, and lives on', async () => {
    const tokens = await tokensOf(config)
    expect(
      await failure(getNewAccessTokenByRefreshToken(other, tokens.refresh_token), 'endpoint_error', [
        tokens.refresh_token,
      ]),
    ).toMatchObject({ error: 'invalid_grant' })
    expect(await getNewAccessTokenByRefreshToken(config, tokens.refresh_token)).toHaveProperty('access_token')
  })

  it('an ID token of the one never signs in to the other, though the same key signed it', async () => {
    const { id_token: idToken } = await tokensOf(config)
    expect(await verifyIdToken(config, idToken)).toHaveProperty('sub')
    expect(await failure(verifyIdToken(other, idToken), 'token_invalid', [idToken])).toMatchObject({ check: 'aud' })
  })

  it('an access token of the one is none of the other', async () => {
    const { access_token: accessToken } = await tokensOf(config)
    expect(await verifyAccessToken(config, accessToken)).toHaveProperty('sub')
    expect(await failure(verifyAccessToken(other, accessToken), 'token_invalid', [accessToken])).toMatchObject({
      check: 'aud',
    })
  })

  it('[R30] a token of the one that GenAuth calls valid is not valid for the other', async () => {
    const { access_token: accessToken, id_token: idToken } = await tokensOf(config)
    for (const token of [{ accessToken }, { idToken }] as const) {
      expect(await validateToken(config, token)).toMatchObject({ aud: config.appId })
      expect(await failure(validateToken(other, token), 'token_invalid', [accessToken, idToken])).toMatchObject({
        check: 'aud',
      })
    }
  })

  it('a token of the one is revoked by the one only', async () => {
    const { refresh_token: token } = await tokensOf(config)
    await revokeToken(other, token).catch(() => undefined)
    expect(await introspectToken(config, token)).toMatchObject({ active: true })
    await revokeToken(config, token)
    expect(await introspectToken(config, token)).toEqual({ active: false })
  })

  it('a transaction of the one never completes a login of the other', async () => {
    const { url, transaction } = await beginLogin(config)
    const callback = callbackOf(await signIn(url))
    expect(await failure(completeLogin(other, callback, transaction), 'callback_invalid')).toMatchObject({
      reason: 'mix_up',
    })
  })

  it('a callback of the one, for the state of the other, brings no login', async () => {
    const { transaction } = await beginLogin(other)
    const { callback } = await follow(config, { state: transaction.state })
    const login = completeLogin(other, callback, { ...transaction, redirectUri: config.redirectUri ?? '' })
    expect(await failure(login, 'endpoint_error')).toMatchObject({ error: 'invalid_grant' })
  })

  it('a user is the same person in both', async () => {
    const [one, two] = await Promise.all([tokensOf(config), tokensOf(other)])
    expect(one.claims?.sub).toBe(two.claims?.sub)
  })
})

describe('with two GenAuths', () => {
  it('[R12] a callback of the one is none of the other, by its iss', async () => {
    const [one, two] = await Promise.all([startEmulator(), startEmulator()])
    const { callback, state } = await follow(configOf(one.apps[0]), {})
    expect(await failure(readCallback(configOf(two.apps[0]), callback, { state }), 'callback_invalid')).toMatchObject({
      reason: 'iss',
    })
    await Promise.all([one.stop(), two.stop()])
  })

  it('[R12] an engine without iss is refused where the config requires one', async () => {
    const silent = await startEmulator({ iss: false })
    const config = configOf(silent.apps[0], { requireIss: true })
    const { callback, state } = await follow(config, {})
    expect(await failure(readCallback(config, callback, { state }), 'callback_invalid')).toMatchObject({
      reason: 'iss',
    })
    await silent.stop()
  })
})

describe('prompt, max_age and the session of the browser', () => {
  let emulator: Emulator
  let config: OidcConfig
  beforeAll(async () => {
    emulator = await startEmulator()
    config = configOf(emulator.apps[0])
  })
  afterAll(() => emulator.stop())

  it('prompt=none brings a code when the browser is signed in and has agreed', async () => {
    const cookies = new Map<string, string>()
    await follow(config, {}, { cookies, user: 'bob' })
    const { callback, state, nonce } = await follow(config, { prompt: 'none' }, { cookies })
    const { code } = await readCallback(config, callback, { state })
    expect((await getAccessTokenByCode(config, { code, nonce })).claims?.email).toBe('bob@example.com')
  })

  it('prompt=none brings consent_required when something new is asked for', async () => {
    const cookies = new Map<string, string>()
    await follow(config, { scope: 'openid' }, { cookies })
    const { callback, state } = await follow(config, { scope: 'openid email', prompt: 'none' }, { cookies })
    const error = await failure(readCallback(config, callback, { state }), 'authorization_error')
    expect(error.error).toMatch(/^(consent|interaction)_required$/)
  })

  it('prompt=login lets another person sign in', async () => {
    const cookies = new Map<string, string>()
    await follow(config, {}, { cookies, user: 'bob' })
    const { callback, state } = await follow(config, { prompt: 'login' }, { cookies, user: 'carol' })
    const { code } = await readCallback(config, callback, { state })
    expect((await getAccessTokenByCode(config, { code })).claims?.email).toBe('carol@example.com')
  })

  it('maxAge brings auth_time, and holds for one who has just signed in', async () => {
    const { callback, state } = await follow(config, { maxAge: 60 })
    const { code } = await readCallback(config, callback, { state })
    const { claims } = await getAccessTokenByCode(config, { code, maxAge: 60 })
    expect(claims?.auth_time).toBeCloseTo(Date.now() / 1000, -2)
  })

  it('maxAge is refused where the link did not ask for it: there is no auth_time to judge by', async () => {
    const { code } = await codeOf(config)
    expect(await failure(getAccessTokenByCode(config, { code, maxAge: 60 }), 'token_invalid')).toMatchObject({
      check: 'auth_time',
    })
  })

  it('[R19] another nonce than that of the link is refused', async () => {
    const { code } = await codeOf(config)
    const nonce = 'a-nonce-that-was-not-sent'
    expect(await failure(getAccessTokenByCode(config, { code, nonce }), 'token_invalid')).toMatchObject({
      check: 'nonce',
    })
    const again = await codeOf(config)
    expect(
      await failure(getAccessTokenByCode(config, { code: again.code, nonce: null }), 'token_invalid'),
    ).toMatchObject({ check: 'nonce' })
  })

  it('what the provider refuses outright never comes back to the application', async () => {
    const { appId: _, ...rest } = emulator.config
    const url = buildAuthorizeUrl({ ...rest, appId: 'no-such-application' } as OidcConfig)
    await expect(signIn(url)).rejects.toThrow(/invalid_client/)
    const foreign = buildAuthorizeUrl(config, { redirectUri: 'https://evil.example/callback' })
    await expect(signIn(foreign)).rejects.toThrow(/invalid_redirect_uri/)
  })
})

describe('discover', () => {
  it.each([true, false])('reads the endpoints, and whether callbacks carry iss: %s', async (iss) => {
    const emulator = await startEmulator({ iss })
    const config = await discover(emulator.config)
    expect(config.requireIss).toBe(iss)
    const { issuer } = emulator
    expect(config.endpoints).toEqual({
      authorization: `${issuer}/auth`,
      token: `${issuer}/token`,
      userInfo: `${issuer}/me`,
      jwks: `${issuer}/.well-known/jwks.json`,
      introspection: `${issuer}/token/introspection`,
      revocation: `${issuer}/token/revocation`,
      endSession: `${issuer}/session/end`,
    })
    const { url, transaction } = await beginLogin(config)
    const login = await completeLogin(config, callbackOf(await signIn(url)), transaction, { userInfo: true })
    expect(login.userInfo.sub).toBe(login.claims.sub)
    await emulator.stop()
  })

  it('needs no appHost: the issuer names any provider', async () => {
    const emulator = await startEmulator({ idTokenAlg: 'RS256' })
    const { appHost: _, ...rest } = emulator.config
    const config = await discover({ ...rest, issuer: emulator.issuer })
    const { url, transaction } = await beginLogin(config)
    expect(await completeLogin(config, callbackOf(await signIn(url)), transaction)).toHaveProperty('claims.sub')
    await emulator.stop()
  })

  it('finds nothing where nothing is', async () => {
    const emulator = await startEmulator()
    const input = { ...emulator.config, appHost: `${emulator.appHost}/elsewhere` } as ConfigInput<'oidc'>
    expect(await failure(discover(input), 'response_invalid')).toMatchObject({ endpoint: 'discovery', status: 404 })
    await emulator.stop()
  })
})

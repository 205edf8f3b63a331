import type { OauthConfig, OidcConfig } from '@genauth-oidc/core/types'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator } from '@genauth-oidc/emulator/types'
import { generatePkce } from '@genauth-oidc/pkce/generatePkce'
import { generateCodeVerifier } from '@genauth-oidc/pkce/generateCodeVerifier'
import { getAccessTokenByClientCredentials } from '@genauth-oidc/tokens/getAccessTokenByClientCredentials'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { validateToken } from '@genauth-oidc/tokens/validateToken'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { codeOf, configBy, configOf, failure, tokensOf, type TokenProtocol } from './internal/flows.js'

// What goes wrong at a real provider, and the error that comes of it: the kind, and the server's own words in its fields.

const basic = { token: 'client_secret_basic', introspection: 'client_secret_basic', revocation: 'client_secret_basic' }
const none = { token: 'none', introspection: 'none', revocation: 'none' }
const METHODS = ['client_secret_post', 'client_secret_basic', 'none'] as const
const WRONG_SECRET = 'not-the-secret-of-this-application'
const REDIRECT_URI = 'http://localhost:3000/callback'

let emulator: Emulator
beforeAll(async () => {
  const apps = [{}, { authMethods: basic }, { authMethods: none }].map((app) => ({
    ...app,
    redirectUris: [REDIRECT_URI, 'http://localhost:3000/another'],
  })) as NonNullable<Parameters<typeof startEmulator>[0]>['apps']
  emulator = await startEmulator({ apps: apps! })
})
afterAll(() => emulator.stop())

const WRONG_GRANT = {
  endpoint: 'token',
  status: 400,
  error: 'invalid_grant',
  errorDescription: 'grant request is invalid',
}
const WRONG_CLIENT = {
  status: 401,
  error: 'invalid_client',
  errorDescription: 'client authentication failed',
}
const WRONG_TOKEN = {
  endpoint: 'userInfo',
  status: 401,
  error: 'invalid_token',
  errorDescription: 'invalid token provided',
}

describe.each(['oidc', 'oauth'] as const)('protocol %s', (protocol: TokenProtocol) => {
  describe.each(METHODS)('client authentication: %s', (method) => {
    let config: OidcConfig | OauthConfig
    beforeAll(() => {
      config = configBy(protocol, emulator.apps[METHODS.indexOf(method)]!)
    })

    it('a code that was used before is invalid_grant', async () => {
      const { code } = await codeOf(config)
      await getAccessTokenByCode(config, { code })
      expect(await failure(getAccessTokenByCode(config, { code }), 'endpoint_error', [code])).toMatchObject(WRONG_GRANT)
    })

    it('a code that was used before ends the tokens that it gave', async () => {
      const { code } = await codeOf(config)
      const { access_token } = await getAccessTokenByCode(config, { code })
      await failure(getAccessTokenByCode(config, { code }), 'endpoint_error')
      expect(await introspectToken(config, access_token)).toEqual({ active: false })
    })

    it('a code that nobody gave is invalid_grant', async () => {
      const code = 'a-code-that-nobody-gave'
      expect(await failure(getAccessTokenByCode(config, { code }), 'endpoint_error', [code])).toMatchObject(WRONG_GRANT)
    })

    it('a wrong verifier is invalid_grant, and does not burn the code', async () => {
      const { codeVerifier: right, ...challenge } = await generatePkce()
      const { code } = await codeOf(config, challenge)
      const codeVerifier = generateCodeVerifier()
      expect(
        await failure(getAccessTokenByCode(config, { code, codeVerifier }), 'endpoint_error', [code, codeVerifier]),
      ).toMatchObject(WRONG_GRANT)
      expect(await getAccessTokenByCode(config, { code, codeVerifier: right })).toHaveProperty('access_token')
    })

    it('a verifier for a link without a challenge is invalid_grant', async () => {
      const { code } = await codeOf(config)
      const codeVerifier = generateCodeVerifier()
      expect(
        await failure(getAccessTokenByCode(config, { code, codeVerifier }), 'endpoint_error', [codeVerifier]),
      ).toMatchObject({ error: 'invalid_grant' })
    })

    it('another redirect URI than that of the link is invalid_grant', async () => {
      const { code } = await codeOf(config)
      const redirectUri = 'http://localhost:3000/another'
      expect(
        await failure(getAccessTokenByCode(config, { code, redirectUri }), 'endpoint_error', [code]),
      ).toMatchObject(WRONG_GRANT)
    })

    it('a refresh token that nobody gave is invalid_grant', async () => {
      const token = 'a-refresh-token-that-nobody-gave'
      expect(await failure(getNewAccessTokenByRefreshToken(config, token), 'endpoint_error', [token])).toMatchObject(
        WRONG_GRANT,
      )
    })

    it('a refresh token that was rotated away is invalid_grant, and takes its family with it', async () => {
      const { refresh_token: first } = await tokensOf(config)
      const { refresh_token: second = '' } = await getNewAccessTokenByRefreshToken(config, first)
      for (const token of [first, second])
        expect(await failure(getNewAccessTokenByRefreshToken(config, token), 'endpoint_error', [token])).toMatchObject(
          WRONG_GRANT,
        )
    })

    it('a revoked refresh token is invalid_grant', async () => {
      const { refresh_token: token } = await tokensOf(config)
      await revokeToken(config, token)
      expect(await failure(getNewAccessTokenByRefreshToken(config, token), 'endpoint_error', [token])).toMatchObject(
        WRONG_GRANT,
      )
    })

    it('a revoked access token is invalid_token at user info', async () => {
      const { access_token: token } = await tokensOf(config)
      await revokeToken(config, token)
      expect(await failure(getUserInfoByAccessToken(config, token), 'endpoint_error', [token])).toMatchObject(
        WRONG_TOKEN,
      )
    })

    it('an access token that nobody gave is invalid_token at user info', async () => {
      const token = 'an-access-token-that-nobody-gave'
      expect(await failure(getUserInfoByAccessToken(config, token), 'endpoint_error', [token])).toMatchObject(
        WRONG_TOKEN,
      )
    })

    it('wrong keys of a machine are invalid_client', async () => {
      const { accessKey } = emulator.apps[METHODS.indexOf(method)]!
      const machine = { scope: 'openid', accessKey, accessSecret: WRONG_SECRET }
      expect(
        await failure(getAccessTokenByClientCredentials(config, machine), 'endpoint_error', [WRONG_SECRET]),
      ).toMatchObject({ endpoint: 'token', ...WRONG_CLIENT })
    })

    // A client of method none shows no secret that could be wrong: there it is the method that does not fit.
    describe('a wrong secret, or a method that is not the application’s,', () => {
      const askers = {
        getAccessTokenByCode: ['token', (of: OidcConfig) => getAccessTokenByCode(of, { code: 'some-code' })],
        getNewAccessTokenByRefreshToken: ['token', (of: OidcConfig) => getNewAccessTokenByRefreshToken(of, 'a-token')],
        introspectToken: ['introspection', (of: OidcConfig) => introspectToken(of, 'a-token')],
        revokeToken: ['revocation', (of: OidcConfig) => revokeToken(of, 'a-token')],
      } as const
      it.each(Object.entries(askers))('is invalid_client for %s', async (_, [endpoint, ask]) => {
        const { appId, appHost } = config
        const wrong = {
          appId,
          appHost: appHost ?? '',
          protocol: protocol as 'oidc',
          redirectUri: REDIRECT_URI,
          allowInsecureRequests: true,
          secret: WRONG_SECRET,
          ...(method === 'client_secret_basic' && {
            tokenEndpointAuthMethod: method,
            introspectionEndpointAuthMethod: method,
            revocationEndpointAuthMethod: method,
          }),
        } satisfies OidcConfig
        const error = await failure(ask(wrong), 'endpoint_error', [WRONG_SECRET, btoa(`${appId}:${WRONG_SECRET}`)])
        expect(error).toMatchObject({ endpoint, ...WRONG_CLIENT })
      })
    })
  })
})

describe('the wrong method', () => {
  it.each([
    ['client_secret_post', 'client_secret_basic'],
    ['client_secret_basic', 'client_secret_post'],
    ['none', 'client_secret_post'],
    ['client_secret_post', 'none'],
  ] as const)('of an application with %s, %s is invalid_client though the secret is right', async (of, used) => {
    const app = emulator.apps[METHODS.indexOf(of)]!
    const config = configOf(app, { tokenEndpointAuthMethod: used })
    expect(
      await failure(getAccessTokenByCode(config, { code: 'some-code' }), 'endpoint_error', [app.secret]),
    ).toMatchObject({ endpoint: 'token', ...WRONG_CLIENT })
  })
})

describe('an application that GenAuth does not know', () => {
  it('is invalid_client', async () => {
    const config = configOf(emulator.apps[0], { appId: 'no-such-application' })
    expect(
      await failure(getAccessTokenByCode(config, { code: 'some-code' }), 'endpoint_error', [emulator.apps[0].secret]),
    ).toMatchObject({ endpoint: 'token', status: 401, error: 'invalid_client' })
  })
})

describe('online validation', () => {
  const change = (jwt: string): string => {
    const [header, , signature] = jwt.split('.')
    const payload = Buffer.from(JSON.stringify({ iss: emulator.issuer, exp: 4_000_000_000 })).toString('base64url')
    return [header, payload, signature].join('.')
  }

  it.each([
    ['a forged ID token', 'idToken', (tokens: TokenResponse) => change(tokens.id_token ?? ''), 'id_token is invalid'],
    ['what is no ID token', 'idToken', () => 'not-a-jwt', 'id_token format is incorrect'],
    ['an access token as ID token', 'idToken', (tokens: TokenResponse) => tokens.access_token, 'id_token is invalid'],
    [
      'a forged access token',
      'accessToken',
      (tokens: TokenResponse) => change(tokens.access_token),
      'access_token is invalid',
    ],
    ['what is no access token', 'accessToken', () => 'not-a-jwt', 'access_token format is incorrect'],
    [
      'an ID token as access token',
      'accessToken',
      (tokens: TokenResponse) => tokens.id_token ?? '',
      'access_token is invalid',
    ],
  ] as const)('of %s gives GenAuth’s code and message', async (_, kind, of, vendorMessage) => {
    const config = configOf(emulator.apps[0])
    const token = of(await tokensOf(config))
    const error = await failure(validateToken(config, { [kind]: token } as { idToken: string }), 'endpoint_error', [
      token,
    ])
    expect(error).toMatchObject({ endpoint: 'validateToken', status: 200, vendorCode: 400, vendorMessage })
  })

  it('of a revoked access token says that it is invalid', async () => {
    const config = configOf(emulator.apps[0])
    const { access_token: accessToken } = await tokensOf(config)
    await revokeToken(config, accessToken)
    expect(await failure(validateToken(config, { accessToken }), 'endpoint_error', [accessToken])).toMatchObject({
      vendorCode: 400,
      vendorMessage: 'access_token is invalid',
    })
  })

  it.each([400, 401, 500])('is the same error when its answer comes with status %d', async (validateStatus) => {
    const strict = await startEmulator({ validateStatus })
    const error = await failure(validateToken(configOf(strict.apps[0]), { idToken: 'not-a-jwt' }), 'endpoint_error', [
      'not-a-jwt',
    ])
    expect(error).toMatchObject({ status: validateStatus, vendorCode: 400 })
    await strict.stop()
  })
})

describe('after their time', () => {
  it('code, refresh token, access token and ID token are all refused', async () => {
    const shortLived = await startEmulator({ ttl: { code: 60, accessToken: 60, idToken: 60, refreshToken: 60 } })
    const config = configOf(shortLived.apps[0])
    const tokens = await tokensOf(config)
    const { code } = await codeOf(config)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })

    const { access_token: accessToken, id_token: idToken, refresh_token: refreshToken } = tokens
    expect(await failure(getAccessTokenByCode(config, { code }), 'endpoint_error', [code])).toMatchObject(WRONG_GRANT)
    expect(
      await failure(getNewAccessTokenByRefreshToken(config, refreshToken), 'endpoint_error', [refreshToken]),
    ).toMatchObject(WRONG_GRANT)
    expect(await failure(getUserInfoByAccessToken(config, accessToken), 'endpoint_error', [accessToken])).toMatchObject(
      WRONG_TOKEN,
    )
    for (const token of [accessToken, refreshToken])
      expect(await introspectToken(config, token)).toEqual({ active: false })
    for (const token of [{ accessToken }, { idToken }] as const)
      expect(await failure(validateToken(config, token), 'endpoint_error', [accessToken, idToken])).toMatchObject({
        vendorCode: 400,
      })
    vi.useRealTimers()
    await shortLived.stop()
  })
})

describe('a server that is not there', () => {
  it('is a network error that names no address, and says that nothing arrived', async () => {
    const stopped = await startEmulator()
    await stopped.stop()
    const config = configOf(stopped.apps[0])
    const secrets = ['the-code-that-was-not-sent', stopped.apps[0].secret]
    const exchange = getAccessTokenByCode(config, { code: 'the-code-that-was-not-sent' })
    expect(await failure(exchange, 'network', secrets)).toMatchObject({
      endpoint: 'token',
      retryable: false,
      mayHaveArrived: false,
      errorCode: 'ECONNREFUSED',
    })
    const question = getUserInfoByAccessToken(config, 'the-code-that-was-not-sent')
    expect(await failure(question, 'network', [...secrets, String(stopped.port)])).toMatchObject({
      endpoint: 'userInfo',
      retryable: true,
    })
  })
})

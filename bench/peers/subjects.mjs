// The peers' side of the speed bench: the calls that do what ours do, as their manuals have them, set up as well as
// they can be: keys imported, parsed and cached beforehand, callbacks already validated where the library lets them be.
import { OAuth2Client as Badgateway, generateCodeVerifier as badgatewayVerifier } from '@badgateway/oauth2-client'
import { getCodeChallenge } from '@badgateway/oauth2-client/dist/client/authorization-code.js'
import * as logto from '@logto/js'
import * as arctic from 'arctic'
import { createLocalJWKSet, importJWK, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'

const metadata = ({ issuer, endpoints }, alg) => ({
  issuer,
  authorization_endpoint: endpoints.authorization,
  token_endpoint: endpoints.token,
  introspection_endpoint: endpoints.introspection,
  userinfo_endpoint: endpoints.userInfo,
  jwks_uri: endpoints.jwks,
  ...(alg && { id_token_signing_alg_values_supported: [alg] }),
})

export const pkce = {
  oauth4webapi: () => oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier()),
  'openid-client': () => client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
  '@badgateway/oauth2-client': async () => getCodeChallenge(await badgatewayVerifier()),
}

export function url(fixtures) {
  const { clientId, redirectUri, scope, state, nonce, codeChallenge, codeVerifier, endpoints } = fixtures
  const configuration = new client.Configuration(metadata(fixtures), clientId)
  const google = new arctic.OAuth2Client(clientId, null, redirectUri)
  const scopes = scope.split(' ')
  return {
    'openid-client': () =>
      client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        prompt: 'consent',
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      }).href,
    '@logto/js': () =>
      logto.generateSignInUri({
        authorizationEndpoint: endpoints.authorization,
        clientId,
        redirectUri,
        codeChallenge,
        state,
        scopes,
        prompt: 'consent',
        includeReservedScopes: false,
        extraParams: { nonce },
      }),
    'arctic (and its S256)': () => {
      const link = google.createAuthorizationURLWithPKCE(
        endpoints.authorization,
        state,
        arctic.CodeChallengeMethod.S256,
        codeVerifier,
        scopes,
      )
      link.searchParams.set('nonce', nonce)
      return link.href
    },
  }
}

function request(fixtures, { tokens, fetch, alg }) {
  const as = metadata(fixtures, alg)
  const options = { [oauth.customFetch]: fetch }
  const app = { client_id: fixtures.clientId }
  const auth = oauth.None()
  const configuration = new client.Configuration(as, fixtures.clientId, undefined, client.None())
  configuration[client.customFetch] = fetch
  const requester = async (...args) => (await fetch(...args)).json()
  return { as, options, app, auth, configuration, requester, tokens, fetch }
}

export function exchange(fixtures, provider) {
  const { code, codeVerifier, nonce, state, redirectUri, clientId, endpoints } = fixtures
  const { as, options, app, auth, configuration, requester, fetch } = request(fixtures, provider)
  const callback = new URL(`${redirectUri}?${new URLSearchParams({ code, state })}`)
  const validated = oauth.validateAuthResponse(as, app, callback, state)
  const badgateway = new Badgateway({ clientId, tokenEndpoint: endpoints.token, fetch })
  return {
    oauth4webapi: async () =>
      oauth.processAuthorizationCodeResponse(
        as,
        app,
        await oauth.authorizationCodeGrantRequest(as, app, auth, validated, redirectUri, codeVerifier, options),
        { expectedNonce: nonce, requireIdToken: true },
      ),
    'openid-client (and the callback)': () =>
      client.authorizationCodeGrant(configuration, callback, {
        pkceCodeVerifier: codeVerifier,
        expectedNonce: nonce,
        expectedState: state,
        idTokenExpected: true,
      }),
    '@badgateway/oauth2-client (no claims)': () =>
      badgateway.authorizationCode.getToken({ code, codeVerifier, redirectUri }),
    '@logto/js (no claims)': () =>
      logto.fetchTokenByAuthorizationCode(
        { clientId, tokenEndpoint: endpoints.token, redirectUri, codeVerifier, code },
        requester,
      ),
  }
}

export function refresh(fixtures, provider) {
  const { clientId, endpoints } = fixtures
  const { as, options, app, auth, configuration, requester, fetch } = request(fixtures, provider)
  const { refresh_token: refreshToken } = provider.tokens
  const badgateway = new Badgateway({ clientId, tokenEndpoint: endpoints.token, fetch })
  return {
    oauth4webapi: async () =>
      oauth.processRefreshTokenResponse(
        as,
        app,
        await oauth.refreshTokenGrantRequest(as, app, auth, refreshToken, options),
      ),
    'openid-client': () => client.refreshTokenGrant(configuration, refreshToken),
    '@badgateway/oauth2-client (no claims)': () => badgateway.refreshToken({ refreshToken, accessToken: 'x' }),
    '@logto/js (no claims)': () =>
      logto.fetchTokenByRefreshToken({ clientId, tokenEndpoint: endpoints.token, refreshToken }, requester),
  }
}

export function introspect(fixtures, provider) {
  const { clientId, secret, endpoints } = fixtures
  const { as, options, app, fetch } = request(fixtures, provider)
  const auth = oauth.ClientSecretPost(secret)
  const configuration = new client.Configuration(as, clientId, undefined, client.ClientSecretPost(secret))
  configuration[client.customFetch] = fetch
  const badgateway = new Badgateway({
    clientId,
    clientSecret: secret,
    introspectionEndpoint: endpoints.introspection,
    authenticationMethod: 'client_secret_post',
    fetch,
  })
  const { accessToken } = provider
  return {
    oauth4webapi: async () =>
      oauth.processIntrospectionResponse(
        as,
        app,
        await oauth.introspectionRequest(as, app, auth, accessToken, options),
      ),
    'openid-client': () => client.tokenIntrospection(configuration, accessToken),
    '@badgateway/oauth2-client': () => badgateway.introspect({ accessToken, refreshToken: null, expiresAt: null }),
  }
}

export async function verify(fixtures, provider) {
  const { issuer, clientId, secret, nonce } = fixtures
  const { alg, idToken, jwks, tokens } = provider
  const checks = { issuer, audience: clientId, algorithms: [alg], requiredClaims: ['sub', 'iat', 'exp'] }
  const subjects = {}
  const withNonce = (key) => async () => {
    const { payload } = await jwtVerify(idToken, key, checks)
    if (payload.nonce !== nonce) throw new Error('nonce')
  }
  if (alg == 'HS256') {
    const raw = new TextEncoder().encode(secret)
    subjects['jose, key imported'] = withNonce(
      await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']),
    )
    subjects['jose, secret as bytes'] = withNonce(raw)
    return subjects
  }
  subjects['jose, key imported'] = withNonce(await importJWK(jwks.keys[0], alg))
  subjects['jose, local JWKS'] = withNonce(createLocalJWKSet(jwks))
  // Its signature check alone: the claims were checked when the answer was processed.
  const { as, app } = request(fixtures, provider)
  const answer = new Response(JSON.stringify(tokens), { headers: { 'content-type': 'application/json' } })
  await oauth.processRefreshTokenResponse(as, app, answer)
  const options = {
    [oauth.customFetch]: async () =>
      new Response(JSON.stringify(jwks), { headers: { 'content-type': 'application/json' } }),
  }
  subjects['oauth4webapi, signature only'] = () => oauth.validateApplicationLevelSignature(as, answer, options)
  return subjects
}

// The same work done with the peers: for each row the lines of an application, which is handed its settings as
// arguments, as ours is handed its config. What a library leaves to the application and every application needs (a
// state, a nonce, the query of a link) is written out; a check that a library does not make is not added.

const oauth = `import * as oauth from 'oauth4webapi'\n`
const client = `import * as client from 'openid-client'\n`
const logto = `import * as logto from '@logto/js'\n`
const arctic = `import * as arctic from 'arctic'\n`
const badgateway = `import { OAuth2Client } from '@badgateway/oauth2-client'\n`
const oidcClient = `import { OidcClient } from 'oidc-client-ts'\n`
const auth0 = `import { Auth0Client } from '@auth0/auth0-spa-js'\n`
const authing = `import { AuthenticationClient } from 'authing-js-sdk'\n`
const authingWeb = `import { Authing } from '@authing/web'\n`

const oauthLink = `
async function link(as, app, redirectUri, scope) {
  const verifier = oauth.generateRandomCodeVerifier(), state = oauth.generateRandomState(), nonce = oauth.generateRandomNonce()
  const url = new URL(as.authorization_endpoint)
  url.search = new URLSearchParams({ client_id: app.client_id, redirect_uri: redirectUri, response_type: 'code', scope, state, nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' })
  return { url, verifier, state, nonce }
}`
const clientLink = `
async function link(config, redirectUri, scope) {
  const verifier = client.randomPKCECodeVerifier(), state = client.randomState(), nonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(config, { redirect_uri: redirectUri, scope, state, nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' })
  return { url, verifier, state, nonce }
}`
const oauthCode = `
async function exchange(as, app, auth, callback, redirectUri, { verifier, state, nonce }) {
  const validated = oauth.validateAuthResponse(as, app, callback, state)
  const response = await oauth.authorizationCodeGrantRequest(as, app, auth, validated, redirectUri, verifier)
  return [response, await oauth.processAuthorizationCodeResponse(as, app, response, { expectedNonce: nonce, requireIdToken: true })]
}`
const logtoLink = `
async function link(settings, scopes) {
  const codeVerifier = logto.generateCodeVerifier(), state = logto.generateState()
  const url = logto.generateSignInUri({ ...settings, scopes, state, codeChallenge: await logto.generateCodeChallenge(codeVerifier) })
  return { url, codeVerifier, state }
}`

/** Marks work that is done without the checks of the standard: no claim of an ID token, or no signature, is looked at. */
const unchecked = (code) => ({ code, unchecked: true })

/** By row, then by peer. What one class does costs the same in every row: such peers stand in some rows only. */
export const applications = {
  pkce: {
    oauth4webapi:
      oauth +
      `export async function pkce() { const verifier = oauth.generateRandomCodeVerifier(); return { verifier, challenge: await oauth.calculatePKCECodeChallenge(verifier) } }`,
    'openid-client':
      client +
      `export async function pkce() { const verifier = client.randomPKCECodeVerifier(); return { verifier, challenge: await client.calculatePKCECodeChallenge(verifier) } }`,
    '@logto/js':
      logto +
      `export async function pkce() { const verifier = logto.generateCodeVerifier(); return { verifier, challenge: await logto.generateCodeChallenge(verifier) } }`,
  },
  link: {
    oauth4webapi: oauth + oauthLink + `\nexport { link }`,
    'openid-client': client + clientLink + `\nexport { link }`,
    '@logto/js': logto + logtoLink + `\nexport { link }`,
    arctic:
      arctic +
      `export function link(app, endpoint, scopes) { const verifier = arctic.generateCodeVerifier(), state = arctic.generateState(); return { url: app.createAuthorizationURLWithPKCE(endpoint, state, arctic.CodeChallengeMethod.S256, verifier, scopes), verifier, state } }
export const app = (...settings) => new arctic.OAuth2Client(...settings)`,
    '@badgateway/oauth2-client': `import { OAuth2Client, generateCodeVerifier } from '@badgateway/oauth2-client'
export async function link(settings, redirectUri, state, scope) { const codeVerifier = await generateCodeVerifier(); return [codeVerifier, await new OAuth2Client(settings).authorizationCode.getAuthorizeUri({ redirectUri, state, codeVerifier, scope })] }`,
    'oidc-client-ts': oidcClient + `export const link = (settings) => new OidcClient(settings).createSigninRequest({})`,
    'auth0-spa-js':
      auth0 + `export const link = (settings) => new Auth0Client(settings).loginWithRedirect({ openUrl() {} })`,
    'authing-js-sdk':
      authing +
      `export function link(settings) { const app = new AuthenticationClient(settings); const codeChallenge = app.generateCodeChallenge(); return app.buildAuthorizeUrl({ scope: 'openid', codeChallenge: app.getCodeChallengeDigest({ codeChallenge, method: 'S256' }), codeChallengeMethod: 'S256' }) }`,
    '@authing/web': authingWeb + `export const link = (settings) => new Authing(settings).loginWithRedirect()`,
  },
  callback: {
    oauth4webapi:
      oauth + `export const read = (as, app, callback, state) => oauth.validateAuthResponse(as, app, callback, state)`,
    '@logto/js':
      logto +
      `export const read = (callback, redirectUri, state) => logto.verifyAndParseCodeFromCallbackUri(callback, redirectUri, state)`,
  },
  code: {
    oauth4webapi: oauth + oauthCode + `\nexport { exchange }`,
    'openid-client':
      client +
      `export const exchange = (config, callback, { verifier, state, nonce }) => client.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true })`,
    'oidc-client-ts':
      oidcClient +
      `export const exchange = (settings, callback) => new OidcClient(settings).processSigninResponse(callback)`,
    '@logto/js': unchecked(
      logto +
        `export const exchange = (settings, requester) => logto.fetchTokenByAuthorizationCode(settings, requester)`,
    ),
    arctic: unchecked(
      arctic +
        `export async function exchange(app, endpoint, code, verifier) { const tokens = await app.validateAuthorizationCode(endpoint, code, verifier); return [tokens, arctic.decodeIdToken(tokens.idToken())] }
export const app = (...settings) => new arctic.OAuth2Client(...settings)`,
    ),
    '@badgateway/oauth2-client': unchecked(
      badgateway +
        `export const exchange = (settings, params) => new OAuth2Client(settings).authorizationCode.getToken(params)`,
    ),
  },
  refresh: {
    oauth4webapi:
      oauth +
      `export const refresh = async (as, app, auth, token) => oauth.processRefreshTokenResponse(as, app, await oauth.refreshTokenGrantRequest(as, app, auth, token))`,
    'openid-client': client + `export const refresh = (config, token) => client.refreshTokenGrant(config, token)`,
    'oidc-client-ts':
      oidcClient + `export const refresh = (settings, state) => new OidcClient(settings).useRefreshToken({ state })`,
    '@logto/js': unchecked(
      logto + `export const refresh = (settings, requester) => logto.fetchTokenByRefreshToken(settings, requester)`,
    ),
    arctic: unchecked(
      arctic +
        `export const refresh = (app, endpoint, token, scopes) => app.refreshAccessToken(endpoint, token, scopes)
export const app = (...settings) => new arctic.OAuth2Client(...settings)`,
    ),
    '@badgateway/oauth2-client': unchecked(
      badgateway + `export const refresh = (settings, token) => new OAuth2Client(settings).refreshToken(token)`,
    ),
  },
  machine: {
    oauth4webapi:
      oauth +
      `export const machine = async (as, app, auth, params) => oauth.processClientCredentialsResponse(as, app, await oauth.clientCredentialsGrantRequest(as, app, auth, params))`,
    'openid-client':
      client + `export const machine = (config, params) => client.clientCredentialsGrant(config, params)`,
    '@badgateway/oauth2-client':
      badgateway + `export const machine = (settings, params) => new OAuth2Client(settings).clientCredentials(params)`,
  },
  tokens: {
    oauth4webapi:
      oauth +
      `export const revoke = async (as, app, auth, token) => oauth.processRevocationResponse(await oauth.revocationRequest(as, app, auth, token))
export const introspect = async (as, app, auth, token) => oauth.processIntrospectionResponse(as, app, await oauth.introspectionRequest(as, app, auth, token))`,
    'openid-client':
      client +
      `export const revoke = (config, token) => client.tokenRevocation(config, token)
export const introspect = (config, token) => client.tokenIntrospection(config, token)`,
    '@badgateway/oauth2-client':
      badgateway +
      `export const revoke = (settings, token) => new OAuth2Client(settings).revoke(token)
export const introspect = (settings, token) => new OAuth2Client(settings).introspect(token)`,
  },
  userInfo: {
    oauth4webapi:
      oauth +
      `export const userInfo = async (as, app, token, sub) => oauth.processUserInfoResponse(as, app, sub, await oauth.userInfoRequest(as, app, token))`,
    'openid-client':
      client + `export const userInfo = (config, token, sub) => client.fetchUserInfo(config, token, sub)`,
    '@logto/js': unchecked(
      logto + `export const userInfo = (endpoint, token, requester) => logto.fetchUserInfo(endpoint, token, requester)`,
    ),
  },
  verify: {
    jose: `import { createRemoteJWKSet, jwtVerify } from 'jose'
export const keys = (url) => createRemoteJWKSet(url)
export const verify = (token, keys, checks) => jwtVerify(token, keys, checks)`,
  },
  login: {
    oauth4webapi:
      oauth +
      oauthLink +
      oauthCode +
      `
async function complete(as, app, auth, callback, redirectUri, transaction) {
  const [response, tokens] = await exchange(as, app, auth, callback, redirectUri, transaction)
  await oauth.validateApplicationLevelSignature(as, response)
  const { sub } = oauth.getValidatedIdTokenClaims(tokens)
  return [tokens, await oauth.processUserInfoResponse(as, app, sub, await oauth.userInfoRequest(as, app, tokens.access_token))]
}
export { link, complete }`,
    'openid-client':
      client +
      clientLink +
      `
export function configure(...settings) { const config = new client.Configuration(...settings); client.enableNonRepudiationChecks(config); return config }
export async function complete(config, callback, { verifier, state, nonce }) {
  const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true })
  return [tokens, await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)]
}
export { link }`,
    'oidc-client-ts':
      `import { UserManager } from 'oidc-client-ts'\n` +
      `export const manager = (settings) => new UserManager(settings)
export const link = (manager) => manager.signinRedirect()
export const complete = (manager, url) => manager.signinRedirectCallback(url)`,
    'auth0-spa-js':
      auth0 +
      `export const app = (settings) => new Auth0Client(settings)
export const link = (app) => app.loginWithRedirect({ openUrl() {} })
export const complete = async (app, url) => [await app.handleRedirectCallback(url), await app.getIdTokenClaims()]`,
    '@logto/js': unchecked(
      logto +
        logtoLink +
        `
export async function complete(settings, callback, { codeVerifier, state }, requester) {
  const code = logto.verifyAndParseCodeFromCallbackUri(callback, settings.redirectUri, state)
  const tokens = await logto.fetchTokenByAuthorizationCode({ ...settings, code, codeVerifier }, requester)
  return [tokens, logto.decodeIdToken(tokens.idToken), await logto.fetchUserInfo(settings.userInfoEndpoint, tokens.accessToken, requester)]
}
export { link }`,
    ),
    arctic: unchecked(
      arctic +
        `export const app = (...settings) => new arctic.OAuth2Client(...settings)
export function link(app, endpoint, scopes) { const verifier = arctic.generateCodeVerifier(), state = arctic.generateState(); return { url: app.createAuthorizationURLWithPKCE(endpoint, state, arctic.CodeChallengeMethod.S256, verifier, scopes), verifier, state } }
export async function complete(app, endpoint, userInfo, callback, { verifier, state }) {
  const query = callback.searchParams
  if (query.get('state') !== state) throw new Error('state')
  const tokens = await app.validateAuthorizationCode(endpoint, query.get('code'), verifier)
  return [tokens, arctic.decodeIdToken(tokens.idToken()), await (await fetch(userInfo, { headers: { authorization: 'Bearer ' + tokens.accessToken() } })).json()]
}`,
    ),
    '@badgateway/oauth2-client': unchecked(
      `import { OAuth2Client, generateCodeVerifier } from '@badgateway/oauth2-client'
export const app = (settings) => new OAuth2Client(settings)
export async function link(app, redirectUri, state, scope) { const codeVerifier = await generateCodeVerifier(); return [codeVerifier, await app.authorizationCode.getAuthorizeUri({ redirectUri, state, codeVerifier, scope })] }
export async function complete(app, userInfo, callback, params) {
  const tokens = await app.authorizationCode.getTokenFromCodeRedirect(callback, params)
  return [tokens, await (await fetch(userInfo, { headers: { authorization: 'Bearer ' + tokens.accessToken } })).json()]
}`,
    ),
    'authing-js-sdk': unchecked(
      authing +
        `export const app = (settings) => new AuthenticationClient(settings)
export function link(app) { const codeChallenge = app.generateCodeChallenge(); return [codeChallenge, app.buildAuthorizeUrl({ scope: 'openid', codeChallenge: app.getCodeChallengeDigest({ codeChallenge, method: 'S256' }), codeChallengeMethod: 'S256' })] }
export async function complete(app, callback, codeVerifier) { const tokens = await app.getAccessTokenByCode(callback.searchParams.get('code'), { codeVerifier }); return [tokens, await app.getUserInfoByAccessToken(tokens.access_token)] }`,
    ),
    '@authing/web': unchecked(
      authingWeb +
        `export const app = (settings) => new Authing(settings)
export const link = (app) => app.loginWithRedirect()
export const complete = (app) => app.handleRedirectCallback()`,
    ),
  },
  bound: {
    'openid-client':
      client +
      `export const handle = async (config) => client.getDPoPHandle(config, await client.randomDPoPKeyPair())
export const exchange = (config, callback, { verifier, state, nonce }, DPoP) => client.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }, undefined, { DPoP })`,
  },
  fapi: {
    'openid-client':
      client +
      `
export function configure(server, id, key) { const config = new client.Configuration(server, id, {}, client.PrivateKeyJwt(key)); client.enableNonRepudiationChecks(config); return config }
export const handle = async (config) => client.getDPoPHandle(config, await client.randomDPoPKeyPair())
export async function link(config, redirectUri, scope, DPoP) {
  const verifier = client.randomPKCECodeVerifier(), state = client.randomState(), nonce = client.randomNonce()
  const url = await client.buildAuthorizationUrlWithPAR(config, { redirect_uri: redirectUri, scope, state, nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }, { DPoP })
  return { url, verifier, state, nonce }
}
export async function complete(config, callback, { verifier, state, nonce }, DPoP) {
  const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }, undefined, { DPoP })
  return [tokens, await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP })]
}`,
  },
}

const random = `const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+]/g, '-').replace(/[/]/g, '_').replace(/=/g, '')
const random = () => text(crypto.getRandomValues(new Uint8Array(32)))
const challengeOf = async (verifier) => text(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)))\n`
const floorLink = `export async function link(endpoint, client_id, redirect_uri, scope) { const verifier = random(), state = random(), nonce = random(); return { verifier, state, nonce, url: endpoint + '?' + new URLSearchParams({ client_id, redirect_uri, response_type: 'code', scope, state, nonce, code_challenge: await challengeOf(verifier), code_challenge_method: 'S256' }) } }\n`
const post = `const post = async (url, body) => (await fetch(url, { method: 'POST', body: new URLSearchParams(body) })).json()\n`
const claims = `const claims = (token) => JSON.parse(decodeURIComponent(escape(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')))))\n`
const exchange = `export async function exchange(url, body) { const tokens = await post(url, { grant_type: 'authorization_code', ...body }); return [tokens, claims(tokens.id_token)] }\n`
const ask = `export const userInfo = async (url, token) => (await fetch(url, { headers: { authorization: 'Bearer ' + token } })).json()\n`

/** The least that works: fetch, URL and WebCrypto by hand, and nothing checked. */
export const floor = {
  pkce:
    random +
    `export async function pkce() { const verifier = random(); return { verifier, challenge: await challengeOf(verifier) } }`,
  link: random + floorLink,
  callback: `export const read = (url) => Object.fromEntries(new URL(url).searchParams)`,
  code: post + claims + exchange,
  refresh:
    post +
    `export const refresh = (url, refresh_token, client_id) => post(url, { grant_type: 'refresh_token', refresh_token, client_id })`,
  machine: post + `export const machine = (url, body) => post(url, { grant_type: 'client_credentials', ...body })`,
  tokens:
    post +
    `export const revoke = (url, body) => fetch(url, { method: 'POST', body: new URLSearchParams(body) })
export const introspect = (url, body) => post(url, body)`,
  userInfo: ask,
  verify: `const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0))
export async function verify(token, jwksUri) {
  const [header, payload, signature] = token.split('.')
  const { kid } = JSON.parse(atob(header))
  const { keys } = await (await fetch(jwksUri)).json()
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', keys.find((key) => key.kid == kid), algorithm, false, ['verify'])
  if (!(await crypto.subtle.verify(algorithm, key, bytes(signature), new TextEncoder().encode(header + '.' + payload)))) throw new Error('signature')
  return JSON.parse(new TextDecoder().decode(bytes(payload)))
}`,
  seal: `const encoder = new TextEncoder()
const keyOf = async (key) => crypto.subtle.importKey('raw', await crypto.subtle.digest('SHA-256', encoder.encode(key)), 'AES-GCM', false, ['encrypt', 'decrypt'])
export async function seal(value, key) { const iv = crypto.getRandomValues(new Uint8Array(12)); return [iv, await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOf(key), encoder.encode(JSON.stringify(value)))] }
export const open = async ([iv, data], key) => JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await keyOf(key), data)))`,
  login: random + floorLink + post + claims + exchange + ask,
}

/** The order in which the peers stand in tables. */
export const peers = [
  'oauth4webapi',
  'openid-client',
  'jose',
  'arctic',
  '@badgateway/oauth2-client',
  '@logto/js',
  'oidc-client-ts',
  'auth0-spa-js',
  'authing-js-sdk',
  '@authing/web',
]

/**
 * Tokens of one purpose in place of another (RFC 8725 sections 2.8 and 3.12). All of them are signed by the same issuer
 * with the same key, and say all that their own kind allows: only what they are tells them apart.
 */
import { describe, expect, it } from 'vitest'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import type { LoginTransaction } from '@genauth-oidc/login/types'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { verifyLogoutToken } from '@genauth-oidc/verify/verifyLogoutToken'
import {
  accessClaims,
  appHost,
  appId,
  at,
  base64url,
  fakeFetch,
  halfHash,
  idClaims,
  issuer,
  jwt,
  keyOf,
  logoutClaims,
  logoutEvent,
  nonce,
  now,
  redirectUri,
  standardAccessClaims,
  subject,
  type Claims,
} from '../support/tokens.js'

const api = 'https://api.example.com'
const times = { iat: now, exp: now + 120, jti: 'a-jti' }
const both = [appId, api]

const kinds: Record<string, { readonly typ?: string; readonly claims: Claims }> = {
  'ID token': {
    typ: 'JWT',
    claims: idClaims({ at_hash: halfHash('at', 'RS256'), auth_time: now, sid: 'a-session', jti: 'a-jti' }),
  },
  'ID token of a refresh': { claims: idClaims({ nonce: undefined, jti: 'a-jti', sid: 'a-session' }) },
  'access token': { typ: 'JWT', claims: accessClaims({ sid: 'a-session' }) },
  'access token without typ': { claims: accessClaims() },
  'access token of RFC 9068': { typ: 'at+jwt', claims: standardAccessClaims({ aud: both, auth_time: now }) },
  'access token of RFC 9068 for this application alone': {
    typ: 'at+jwt',
    claims: standardAccessClaims({ aud: appId }),
  },
  'access token of a provider that names no type': { typ: 'JWT', claims: standardAccessClaims({ aud: both }) },
  'logout token': { typ: 'logout+jwt', claims: logoutClaims() },
  'logout token without typ': { claims: logoutClaims() },
  'logout token typed JWT': { typ: 'JWT', claims: logoutClaims() },
  'client assertion': { typ: 'JWT', claims: { ...times, iss: appId, sub: appId, aud: issuer } },
  'client assertion that names the application': { claims: { ...times, iss: appId, sub: appId, aud: [issuer, appId] } },
  'user info JWT': { typ: 'JWT', claims: { iss: issuer, aud: appId, sub: subject, email: 'alice@example.com' } },
  'user info JWT with times': {
    claims: { ...times, iss: issuer, aud: appId, sub: subject, email: 'alice@example.com' },
  },
  'JARM answer': { typ: 'JWT', claims: { iss: issuer, aud: appId, exp: now + 120, code: 'a-code', state: 'a-state' } },
  'JARM answer with times': { claims: { ...times, iss: issuer, aud: appId, code: 'a-code', state: 'a-state' } },
  'introspection answer': {
    typ: 'token-introspection+jwt',
    claims: { ...times, iss: issuer, aud: appId, sub: subject, token_introspection: { active: true, sub: subject } },
  },
  'request object': {
    typ: 'oauth-authz-req+jwt',
    claims: {
      ...times,
      iss: appId,
      sub: appId,
      aud: issuer,
      client_id: appId,
      scope: 'openid',
      nonce,
      response_type: 'code',
    },
  },
  'DPoP proof': { typ: 'dpop+jwt', claims: { ...times, htm: 'POST', htu: `${issuer}/token`, nonce } },
  'security event': {
    typ: 'secevent+jwt',
    claims: { ...times, iss: issuer, aud: appId, sub: subject, events: { 'urn:x': {} } },
  },
  'security event typed JWT': {
    typ: 'JWT',
    claims: { ...times, iss: issuer, aud: appId, sub: subject, events: { 'urn:x': {} } },
  },
  'session of another program': { typ: 'JWT', claims: { ...times, sub: subject, aud: appId } },
}

const key = keyOf('RS256')
const signed = (kind: string) => {
  const { typ, claims } = kinds[kind]!
  return jwt(claims, { alg: 'RS256', key, header: { typ } })
}
const token = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, signed(kind)]))

/** The provider: it puts what it is told to where an ID token belongs. */
const provider = (idToken = token['ID token']) =>
  fakeFetch(({ method }) =>
    method === 'GET'
      ? { keys: [key.jwk] }
      : { access_token: 'at', token_type: 'Bearer', expires_in: 60, refresh_token: 'rt', id_token: idToken },
  )
const configWith = (fetch: OidcConfig['fetch']) =>
  ({ appId, appHost, redirectUri, fetch }) as const satisfies OidcConfig
const config = configWith(provider().fetch)

const state = 'x'.repeat(43)
const transaction = <R extends 'code' | 'id_token' | 'code id_token'>(responseType: R): LoginTransaction<R> => ({
  state,
  nonce,
  codeVerifier: 'v'.repeat(43),
  issuer,
  appId,
  redirectUri,
  responseType,
  scope: 'openid',
  expiresAt: now + 600,
})

const accessTokens = ['access token', 'access token without typ', 'access token of a provider that names no type']
const standardAccessTokens = ['access token of RFC 9068']
const logoutTokens = ['logout token', 'logout token without typ', 'logout token typed JWT']

const places: Record<string, { readonly fits: string[]; readonly check: (token: string) => Promise<unknown> }> = {
  'verifyIdToken with a nonce': {
    fits: ['ID token'],
    check: (token) => verifyIdToken(config, token, { nonce }, at()),
  },
  'verifyIdToken from the front channel': {
    fits: ['ID token'],
    check: (token) => verifyIdToken(config, token, { nonce, frontChannel: true }, at()),
  },
  verifyAccessToken: {
    fits: accessTokens,
    check: (token) => verifyAccessToken(config, token, {}, at()),
  },
  'verifyAccessToken of RFC 9068': {
    fits: standardAccessTokens,
    check: (token) => verifyAccessToken(config, token, { profile: 'rfc9068', audience: api }, at()),
  },
  verifyLogoutToken: {
    fits: logoutTokens,
    check: (token) => verifyLogoutToken(config, token, {}, at()),
  },
  'a code exchange': {
    fits: ['ID token'],
    check: (token) => getAccessTokenByCode(configWith(provider(token).fetch), { code: 'c', nonce }, at()),
  },
  'a login by code': {
    fits: ['ID token'],
    check: (token) =>
      completeLogin(configWith(provider(token).fetch), `/callback?code=c&state=${state}`, transaction('code'), at()),
  },
  'a login by code, straight from the token endpoint': {
    fits: ['ID token'],
    check: (token) =>
      completeLogin(configWith(provider(token).fetch), `/callback?code=c&state=${state}`, transaction('code'), {
        ...at(),
        idToken: 'direct',
      }),
  },
  'a login by ID token': {
    fits: ['ID token'],
    check: (token) =>
      completeLogin(config, `/callback#id_token=${token}&state=${state}`, transaction('id_token'), at()),
  },
}

describe('a token of one purpose never passes for another [R22] [D51]', () => {
  for (const [place, { fits, check }] of Object.entries(places))
    describe(place, () => {
      it.each(Object.keys(kinds))('%s', async (kind) => {
        const judged = check(token[kind]!)
        if (fits.includes(kind)) await expect(judged).resolves.toBeTruthy()
        else await expect(judged).rejects.toMatchObject({ name: 'OidcError', code: 'token_invalid' })
      })
    })

  it('in a refresh, where a nonce may be missing: all but what says that it is an ID token’s', async () => {
    const previous = { claims: idClaims(), id_token: token['ID token'] }
    for (const kind of Object.keys(kinds)) {
      const judged = getNewAccessTokenByRefreshToken(
        configWith(provider(token[kind]).fetch),
        { refreshToken: 'rt', previous },
        at(),
      )
      // A signed user info answer with times is an ID token in all that OIDC Core section 2 asks for; it comes from the
      // same endpoint of the same provider, about the same user.
      if (['ID token', 'ID token of a refresh', 'user info JWT with times'].includes(kind)) await judged
      else await expect(judged, kind).rejects.toMatchObject({ code: 'token_invalid' })
    }
  })

  it('though its signature and all it says of itself are right: each kind fits somewhere or is foreign', () => {
    const home = new Set(Object.values(places).flatMap(({ fits }) => fits))
    expect([...home].every((kind) => kind in kinds)).toBe(true)
    expect(home.size).toBe(1 + accessTokens.length + standardAccessTokens.length + logoutTokens.length)
  })
})

describe('a type that is changed does not change the purpose', () => {
  const types = [undefined, 'JWT', 'at+jwt', 'logout+jwt', 'dpop+jwt', 'secevent+jwt']
  const own: Record<string, string[]> = {
    'verifyIdToken with a nonce': ['ID token'],
    verifyAccessToken: [
      ...accessTokens,
      'access token of RFC 9068',
      'access token of RFC 9068 for this application alone',
    ],
    'verifyAccessToken of RFC 9068': [...standardAccessTokens, 'access token of a provider that names no type'],
    verifyLogoutToken: logoutTokens,
  }

  it.each(Object.keys(own))('%s', async (place) => {
    for (const [kind, { claims }] of Object.entries(kinds))
      for (const typ of types) {
        if (own[place]!.includes(kind)) continue
        const retyped = jwt(claims, { alg: 'RS256', key, header: { typ } })
        const judged = places[place]!.check(retyped).then(
          () => 'accepted',
          () => 'refused',
        )
        expect([kind, typ, await judged]).toEqual([kind, typ, 'refused'])
      }
  })
})

describe('claims that are moved from one purpose to another', () => {
  const whole = { ...accessClaims(), ...logoutClaims(), ...idClaims({ at_hash: 'h' }), client_id: appId, aud: both }

  it('make a token that serves no purpose', async () => {
    for (const typ of [undefined, 'JWT', 'at+jwt', 'logout+jwt'])
      for (const [place, { check }] of Object.entries(places)) {
        const monster = jwt(whole, { alg: 'RS256', key, header: { typ } })
        await expect(check(monster), place).rejects.toMatchObject({ code: 'token_invalid' })
      }
  })

  it('are not read from the header', async () => {
    const { events, ...rest } = logoutClaims()
    const header = { typ: 'logout+jwt', events, iss: issuer, aud: appId, [logoutEvent]: {} }
    await expect(verifyLogoutToken(config, jwt(rest, { alg: 'RS256', key, header }), {}, at())).rejects.toMatchObject({
      check: 'events',
    })
    expect(base64url(header)).not.toBe('')
  })
})

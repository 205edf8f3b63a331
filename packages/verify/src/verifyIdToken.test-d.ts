import { expectTypeOf, test } from 'vitest'
import type { OauthConfig, OidcConfig, RequestOptions, SamlConfig } from '@genauth-oidc/core/types'
import type { AccessTokenClaims, CheckedClaims, IdTokenClaims, LogoutTokenClaims, SignedClaims } from './types.js'
import { verifyAccessToken } from './verifyAccessToken.js'
import { verifyIdToken } from './verifyIdToken.js'
import { verifyLogoutToken } from './verifyLogoutToken.js'

declare const config: OidcConfig
declare const oauth: OauthConfig
declare const saml: SamlConfig

test('an ID token that was verified here is signed, and fits wherever a direct one does', async () => {
  const claims = await verifyIdToken(config, 'token', { nonce: 'n' })
  expectTypeOf(claims).toEqualTypeOf<SignedClaims>()
  expectTypeOf(claims.sub).toEqualTypeOf<string>()
  expectTypeOf<IdTokenClaims<'signed'>>().toExtend<IdTokenClaims>()
  expectTypeOf<IdTokenClaims>().not.toExtend<IdTokenClaims<'signed'>>()
  expectTypeOf<IdTokenClaims>().toEqualTypeOf<CheckedClaims>()
})

test('no object written by hand counts as checked', () => {
  const written = { iss: 'i', sub: 's', aud: 'a', exp: 1, iat: 1 }
  // @ts-expect-error nobody checked it
  const claims: CheckedClaims = written
  // @ts-expect-error nor its signature
  const signed: SignedClaims = written
  // @ts-expect-error nor an access token
  const access: AccessTokenClaims = { ...written, jti: 'j' }
  return [claims, signed, access]
})

test('the claims of one kind of token are not those of another', async () => {
  expectTypeOf(await verifyAccessToken(config, 'token')).toEqualTypeOf<AccessTokenClaims>()
  expectTypeOf(await verifyLogoutToken(config, 'token')).toEqualTypeOf<LogoutTokenClaims>()
  expectTypeOf<AccessTokenClaims>().not.toExtend<SignedClaims>()
  expectTypeOf<LogoutTokenClaims>().not.toExtend<SignedClaims>()
})

test('a nonce is a string, null for none, or left out', () => {
  void verifyIdToken(config, 'token', { nonce: null, maxAge: 60, trustedAudiences: ['api'] })
  void verifyIdToken(config, 'token')
  // @ts-expect-error false is no nonce
  void verifyIdToken(config, 'token', { nonce: false })
  // @ts-expect-error a misspelt expectation would not be checked
  void verifyIdToken(config, 'token', { nounce: 'n' })
  // @ts-expect-error a token is a string
  void verifyIdToken(config, { id_token: 'token' })
})

test('access tokens are signed with public keys', () => {
  void verifyAccessToken(oauth, new Request('https://api.example.com'), { algs: ['ES256'], scope: 'a b' })
  // @ts-expect-error a secret that the API shares proves nothing to it
  void verifyAccessToken(config, 'token', { algs: ['HS256'] })
  // @ts-expect-error none is no algorithm
  void verifyAccessToken(config, 'token', { algs: ['none'] })
  // @ts-expect-error no such profile
  void verifyAccessToken(config, 'token', { profile: 'jwt' })
})

test('each check is for the protocols that have such tokens', () => {
  // @ts-expect-error oauth has no ID token
  void verifyIdToken(oauth, 'token')
  // @ts-expect-error saml has no tokens
  void verifyAccessToken(saml, 'token')
  // @ts-expect-error oauth has no logout token
  void verifyLogoutToken(oauth, 'token')
})

test('a store of keys may be a Map, or anything with get and set', () => {
  void verifyIdToken(config, 'token', {}, { jwks: new Map<string, unknown>() })
  void verifyIdToken(config, 'token', {}, { jwks: { get: async () => null, set: async () => undefined } })
  // @ts-expect-error a store that cannot be written
  void verifyIdToken(config, 'token', {}, { jwks: { get: () => null } })
})

test('what belongs to one caller does not go with the question for keys, which is asked for all', () => {
  void verifyIdToken(config, 'token', {}, { signal: AbortSignal.timeout(1), fetch, now: () => 0, jwks: new Map() })
  const options: RequestOptions = { headers: { 'x-trace': '1' } }
  void verifyIdToken(config, 'token', {}, options)
  // @ts-expect-error a header of one request
  void verifyIdToken(config, 'token', {}, { headers: { 'x-trace': '1' } })
  // @ts-expect-error for no kind of token
  void verifyAccessToken(config, 'token', {}, { headers: { 'x-trace': '1' } })
  // @ts-expect-error for no kind of token
  void verifyLogoutToken(config, 'token', {}, { headers: { 'x-trace': '1' } })
  // @ts-expect-error a proof of one key
  void verifyIdToken(config, 'token', {}, { dpop: { calculateThumbprint: async () => 'x' } })
})

test('seen tells by a boolean, at once or later', () => {
  void verifyLogoutToken(config, 'token', { seen: () => false })
  void verifyLogoutToken(config, 'token', { seen: async (jti: string, exp: number) => jti.length > exp })
  // @ts-expect-error what remembers and tells nothing makes no token once-only
  void verifyLogoutToken(config, 'token', { seen: () => undefined })
})

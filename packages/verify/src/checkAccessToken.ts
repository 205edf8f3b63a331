import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { issuer } from '@genauth-oidc/core/issuer'
import type { TokenConfig } from '@genauth-oidc/core/types'
import { checkAlg } from './checkAlg.js'
import { checkSignature } from './checkSignature.js'
import { checkTimes } from './checkTimes.js'
import type { Jwt } from './readJwt.js'
import { refuser } from './refuse.js'
import type { AccessTokenClaims, ExpectedAccessToken, VerifyOptions } from './types.js'

/**
 * Checks a JWT access token that was taken apart, whether it is a bearer token or bound to a key: the part that
 * `verifyAccessToken` and `verifyDpopRequest` of `@genauth-oidc/fapi` share.
 *
 * @param config - an oidc or oauth config
 * @param jwt - the token in parts
 * @param expected - audience, scope, and which shape of token
 * @param options - where keys are kept
 * @returns the claims
 * @throws OidcError `token_invalid`, `argument_invalid`, and those of every request for the keys
 */
export async function checkAccessToken(
  config: TokenConfig,
  jwt: Jwt,
  { audience, scope, profile = 'genauth', algs = ['RS256'] }: ExpectedAccessToken,
  options?: VerifyOptions,
): Promise<AccessTokenClaims> {
  const refuse = refuser('access token')
  const { claims, header } = jwt
  const standard = profile != 'genauth'
  const wanted = audience ?? (standard ? undefined : appId(config))
  if (typeof wanted != 'string' || !wanted) throw argumentError('audience', "this API's identifier")
  checkAlg(jwt, Array.isArray(algs) ? algs.filter((alg: string) => !/^HS/.test(alg)) : algs, refuse, 'algs')
  const typ = header.typ === undefined ? 'jwt' : String(header.typ).toLowerCase()
  if (!(standard ? /^(application\/)?at\+jwt$/ : /^jwt$/).test(typ)) throw refuse('typ', standard ? 'at+jwt' : 'JWT')
  for (const name of ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'])
    if (Object.hasOwn(claims, name)) throw refuse('purpose', `access, and it has a ${name}`)
  for (const name of standard ? (['sub', 'client_id', 'jti'] as const) : (['scope', 'jti'] as const))
    if (typeof claims[name] != 'string' || !claims[name])
      throw refuse(name == 'client_id' ? 'purpose' : name, 'a string', 'see which profile your tokens have')
  for (const name of ['sub', 'scope'] as const)
    if (claims[name] !== undefined && typeof claims[name] != 'string') throw refuse(name, 'a string')
  if (claims.iss !== issuer(config)) throw refuse('iss', 'the issuer of the config')
  if (![claims.aud].flat().includes(wanted)) throw refuse('aud', 'this API')
  checkTimes(config, claims, refuse, options)
  await checkSignature(config, jwt, refuse, options)
  const granted = ((claims.scope as string | undefined) ?? '').split(' ')
  if (scope && !scope.split(' ').every((one) => granted.includes(one)))
    throw refuse('scope', 'the one that this call needs', 'ask for it at sign-in')
  return claims as unknown as AccessTokenClaims
}

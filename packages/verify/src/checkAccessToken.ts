import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { knownAlg } from '@genauth-oidc/core/knownAlg'
import { issuer } from '@genauth-oidc/core/issuer'
import { requireString } from '@genauth-oidc/core/requireString'
import type { TokenConfig } from '@genauth-oidc/core/types'
import { checkAlg } from './checkAlg.js'
import { checkSignature } from './checkSignature.js'
import { checkTimes } from './checkTimes.js'
import type { Jwt } from './readJwt.js'
import { refuser } from './refuser.js'
import { uphold } from './uphold.js'
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
  const allowed = Array.isArray(algs) ? algs.filter((alg: string) => !/^HS/.test(alg)) : []
  if (!allowed.length || !allowed.every(knownAlg)) throw argumentError('algs', 'a list of RS256, ES256, ...')
  checkAlg(jwt, allowed, refuse, 'algs')
  const { typ = 'JWT' } = header
  const { sub, scope: granted, aud } = claims
  const text = (...names: string[]) => names.every((name) => claims[name] && typeof claims[name] == 'string')
  uphold(refuse, {
    typ:
      (typeof typ == 'string' && (standard ? /^(application\/)?at\+jwt$/i : /^jwt$/i).test(typ)) ||
      (standard ? 'at+jwt' : 'JWT'),
    purpose:
      (!['nonce', 'at_hash', 'c_hash', 's_hash', 'events'].some((name) => name in claims) &&
        text(...(standard ? ['sub', 'client_id'] : ['scope']))) ||
      `access, as profile ${profile} has it`,
    jti: text('jti') || 'a string',
    sub: sub === undefined || text('sub') || 'a string',
    scope: granted === undefined || typeof granted == 'string' || 'a string',
    iss: claims.iss === issuer(config) || "the config's issuer",
    aud: [aud].flat().includes(wanted) || 'this API',
    ...checkTimes(config, claims, options),
  })
  await checkSignature(config, jwt, refuse, options)
  const has = ((granted as string | undefined) ?? '').split(' ')
  if (
    scope !== undefined &&
    !requireString(scope, 'scope')
      .split(' ')
      .every((one) => has.includes(one))
  )
    throw refuse('scope', 'what this call needs')
  return claims as unknown as AccessTokenClaims
}

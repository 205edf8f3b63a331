import { appId } from '@genauth-oidc/core/appId'
import { equal } from '@genauth-oidc/core/equal'
import { issuer } from '@genauth-oidc/core/issuer'
import { sha } from '@genauth-oidc/core/sha'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import type { OidcConfig, RequestOptions } from '@genauth-oidc/core/types'
import { checkAlg, idTokenAlgs } from './checkAlg.js'
import { checkTimes } from './checkTimes.js'
import { readJwt, type Jwt } from './readJwt.js'
import { refuser } from './refuse.js'
import type { ExpectedIdToken } from './types.js'

/**
 * Checks all that an ID token says, but not its signature: what the token endpoint gave over TLS needs no more (OIDC
 * Core section 3.1.3.7 item 6). For any other use take `verifyIdToken`.
 *
 * @param config - an oidc config
 * @param idToken - as it came
 * @param expected - what it has to fit
 * @param options - its clock
 * @returns the token in parts
 * @throws OidcError `token_invalid` whose `check` names what failed, `config_invalid`
 * @see OIDC Core sections 2, 3.1.3.7, 3.2.2.11 and 3.3.2.12
 */
export async function checkIdToken(
  config: OidcConfig,
  idToken: unknown,
  expected: ExpectedIdToken = {},
  options?: RequestOptions,
): Promise<Jwt> {
  const refuse = refuser('ID token')
  const jwt = readJwt(idToken, refuse)
  const { claims, header } = jwt
  const { nonce, maxAge, trustedAudiences = [], frontChannel } = expected
  const id = appId(config)
  checkAlg(jwt, idTokenAlgs(config), refuse, 'idTokenSigningAlgs')
  if (header.typ !== undefined && !equal(String(header.typ).toLowerCase(), 'jwt')) throw refuse('typ', 'JWT')
  // Another kind of token of the same issuer is no ID token.
  for (const name of ['scope', 'scp', 'client_id', 'events'])
    if (Object.hasOwn(claims, name)) throw refuse('purpose', `signing in, and it has a ${name}`)
  if (claims.iss !== issuer(config)) throw refuse('iss', 'the issuer of the config')
  if (typeof claims.sub != 'string' || !/^[\0-\x7f]{1,255}$/.test(claims.sub)) throw refuse('sub', '1 to 255 ASCII characters')
  const audiences: unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud]
  const others = audiences.filter((audience) => audience !== id)
  if (others.length == audiences.length || !others.every((audience) => trustedAudiences.includes(audience as string)))
    throw refuse('aud', 'this application, and others only from trustedAudiences')
  if (others.length ? claims.azp !== id : claims.azp !== undefined && claims.azp !== id)
    throw refuse('azp', 'this application')
  const [earliest, latest] = checkTimes(config, claims, refuse, options, expected.fresh ? 600 : undefined)
  const { auth_time } = claims
  if (
    (maxAge !== undefined || auth_time !== undefined) &&
    !(Number.isFinite(auth_time) && (auth_time as number) <= latest && (auth_time as number) >= earliest - (maxAge ?? 1 / 0))
  )
    throw refuse('auth_time', 'within maxAge', 'sign in again')
  if (
    nonce === undefined
      ? frontChannel
      : nonce === null
        ? claims.nonce !== undefined
        : !(nonce && equal(claims.nonce, nonce))
  )
    throw refuse('nonce', 'the one that was sent', 'start the sign-in again')
  for (const [name, value, required] of [
    ['at_hash', expected.accessToken, frontChannel],
    ['c_hash', expected.code, frontChannel],
    ['s_hash', expected.state, false],
  ] as const)
    if (value !== undefined && (required || claims[name] !== undefined)) {
      const digest = await sha(value, /\d{3}/.exec(jwt.alg)?.[0] ?? 512)
      if (!equal(claims[name], toBase64url(digest.slice(0, digest.byteLength / 2))))
        throw refuse(name, 'the hash of what came along')
    }
  return jwt
}

import { requireObject } from '@genauth-oidc/core/requireObject'
import type { RequestLike, TokenConfig } from '@genauth-oidc/core/types'
import { checkAccessToken } from './checkAccessToken.js'
import { readJwt } from './readJwt.js'
import { refuser } from './refuser.js'
import type { AccessTokenClaims, ExpectedAccessToken, VerifyOptions } from './types.js'

/**
 * Checks a JWT access token in an API, without asking the provider: signature, issuer, audience, times, scope. An ID
 * token never passes. Revoked tokens do, until they expire: ask `introspectToken` where that matters.
 *
 * @param config - an oidc or oauth config
 * @param token - the token, or the `Request` that carries it in its Authorization header (RFC 6750 section 2.1)
 * @param expected - audience, scope, and which shape of token
 * @param options - `jwks` keeps the provider's keys in a store of your own
 * @returns the claims
 * @throws OidcError `token_invalid` whose `check` names what failed (`missing`: answer 401; `scope`: answer 403);
 *   `argument_invalid` without an audience in the `rfc9068` profile; those of every request for the keys
 * @see RFC 9068 section 4, RFC 6750
 *
 * @example
 * ```ts
 * import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const authorize = (request: Request) => verifyAccessToken(config, request, { scope: 'orders:read' })
 * ```
 */
export async function verifyAccessToken(
  config: TokenConfig,
  token: string | RequestLike,
  expected: ExpectedAccessToken = {},
  options?: VerifyOptions,
): Promise<AccessTokenClaims> {
  const refuse = refuser('access token')
  const jwt = readJwt(
    typeof token == 'string' ? token : /^bearer +(\S+)$/i.exec(token?.headers?.get?.('authorization') ?? '')?.[1],
    refuse,
  )
  const claims = await checkAccessToken(config, jwt, requireObject(expected, 'expected'), options)
  // A token that is bound to a key proves nothing without the key (RFC 9449 section 7.1).
  if (claims.cnf !== undefined) throw refuse('cnf', 'absent, or proved with verifyDpopRequest')
  return claims
}

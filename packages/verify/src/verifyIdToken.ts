import type { OidcConfig } from '@genauth-oidc/core/types'
import { checkIdToken } from './checkIdToken.js'
import { checkSignature } from './checkSignature.js'
import { refuser } from './refuser.js'
import type { ExpectedIdToken, IdTokenClaims, VerifyOptions } from './types.js'

/**
 * Checks an ID token here, signature included: HS256 (GenAuth's default), HS384 and HS512 with the app secret; RS, PS, ES and
 * Ed25519 with the provider's keys. No age limit is set: a token may be checked as long as it is valid.
 *
 * @param config - an oidc config; `idTokenSigningAlgs` is the allow-list
 * @param idToken - from `TokenResponse.id_token` or a callback
 * @param expected - what it has to fit: give the nonce that was sent
 * @param options - `jwks` keeps the provider's keys in a store of your own
 * @returns the claims
 * @throws OidcError `token_invalid` whose `check` names what failed; `config_invalid`; those of every request for the keys
 * @see OIDC Core sections 3.1.3.7, 3.2.2.11 and 3.3.2.12
 *
 * @example
 * ```ts
 * import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 * } as const
 * export const whoIs = async (idToken: string, nonce: string) => (await verifyIdToken(config, idToken, { nonce })).sub
 * ```
 */
export async function verifyIdToken(
  config: OidcConfig,
  idToken: string,
  expected?: ExpectedIdToken,
  options?: VerifyOptions,
): Promise<IdTokenClaims<'signed'>> {
  const jwt = await checkIdToken(config, idToken, expected, options)
  await checkSignature(config, jwt, refuser('ID token'), options)
  return jwt.claims as unknown as IdTokenClaims<'signed'>
}

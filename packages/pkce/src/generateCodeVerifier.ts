import { argumentError } from '@genauth-oidc/core/argumentError'
import { randomString } from '@genauth-oidc/core/randomString'
import type { RandomOptions } from '@genauth-oidc/core/types'

/**
 * Makes a code_verifier (RFC 7636 section 4.1) of 6 random bits in each character.
 *
 * @param length - 43 to 128 characters
 * @param options - `random` replaces `crypto.getRandomValues`
 * @returns the verifier: keep it with the sign-in, hand it to `calculateCodeChallenge` and then to `getAccessTokenByCode`
 * @throws OidcError `argument_invalid` for another length; `unsupported_runtime` without `crypto.getRandomValues`
 * @see RFC 7636 section 4.1
 *
 * @example
 * ```ts
 * import { generateCodeVerifier } from '@genauth-oidc/pkce/generateCodeVerifier'
 *
 * export const codeVerifier = generateCodeVerifier()
 * ```
 */
export function generateCodeVerifier(length = 43, options?: RandomOptions): string {
  if (!(Number.isInteger(length) && length > 42 && length < 129))
    throw argumentError('length', 'a whole number, 43 to 128')
  return randomString(options, Math.ceil(length * 0.75)).slice(0, length)
}

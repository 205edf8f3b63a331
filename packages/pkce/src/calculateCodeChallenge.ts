import { requireString } from '@genauth-oidc/core/requireString'
import { sha } from '@genauth-oidc/core/sha'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import { verifierPattern } from '@genauth-oidc/core/verifierPattern'

/**
 * Calculates the code_challenge of a code_verifier (RFC 7636 section 4.2).
 *
 * @param codeVerifier - from `generateCodeVerifier`: 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`
 * @param method - `S256`; `plain` gives the verifier itself and protects nothing from who can read the link
 * @returns the challenge: hand it to `buildAuthorizeUrl` as `codeChallenge`, with the method
 * @throws OidcError `argument_invalid`; `unsupported_runtime` without `crypto.subtle`
 * @see RFC 7636 section 4.2 and appendix B
 *
 * @example
 * ```ts
 * import { calculateCodeChallenge } from '@genauth-oidc/pkce/calculateCodeChallenge'
 *
 * export const codeChallenge = await calculateCodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
 * ```
 */
export async function calculateCodeChallenge(codeVerifier: string, method: 'S256' | 'plain' = 'S256'): Promise<string> {
  requireString(codeVerifier, 'codeVerifier', verifierPattern)
  requireString(method, 'method', /^(S256|plain)$/)
  return method == 'plain' ? codeVerifier : toBase64url(await sha(codeVerifier))
}

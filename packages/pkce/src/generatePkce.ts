import { randomString } from '@genauth-oidc/core/randomString'
import { sha } from '@genauth-oidc/core/sha'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import type { RandomOptions } from '@genauth-oidc/core/types'

/** A verifier and its challenge. */
export interface Pkce {
  /** Secret: kept with the sign-in, sent to the token endpoint only. */
  readonly codeVerifier: string
  /** Public: sent in the authorization link. */
  readonly codeChallenge: string
  readonly codeChallengeMethod: 'S256'
}

/**
 * Makes a code_verifier and its S256 code_challenge (RFC 7636 section 4). The whole result may be spread into the params
 * of `buildAuthorizeUrl`: the verifier is never sent there.
 *
 * @param options - `random` replaces `crypto.getRandomValues`
 * @returns the pair: the challenge goes to `buildAuthorizeUrl`, the verifier to `getAccessTokenByCode`
 * @throws OidcError `unsupported_runtime` without WebCrypto
 * @see RFC 7636 section 4
 *
 * @example
 * ```ts
 * import { generatePkce } from '@genauth-oidc/pkce/generatePkce'
 *
 * export const { codeVerifier, codeChallenge, codeChallengeMethod } = await generatePkce()
 * ```
 */
export async function generatePkce(options?: RandomOptions): Promise<Pkce> {
  const codeVerifier = randomString(options)
  return { codeVerifier, codeChallenge: toBase64url(await sha(codeVerifier)), codeChallengeMethod: 'S256' }
}

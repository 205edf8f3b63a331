import { subtle } from './subtle.js'

/**
 * The SHA-2 digest of a text's UTF-8 bytes.
 *
 * @param text - for example a code verifier or an access token
 * @param bits - 256, 384 or 512
 * @returns the digest
 * @throws OidcError `unsupported_runtime` where there is no `crypto.subtle`
 */
export const sha = async (text: string, bits: string | number = 256): Promise<ArrayBuffer> =>
  subtle().digest(`SHA-${bits}`, new TextEncoder().encode(text))

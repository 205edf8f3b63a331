import { toBase64url } from './toBase64url.js'
import type { RandomOptions } from './types.js'
import { unsupported } from './unsupported.js'

/**
 * Makes an unguessable string: 32 random bytes (256 bits) as 43 characters of base64url. State, nonce and the code
 * verifier are made so.
 *
 * @param options - `random` replaces `crypto.getRandomValues`
 * @param size - how many bytes
 * @returns the string
 * @throws OidcError `unsupported_runtime` where there is no `crypto.getRandomValues`
 */
export function randomString(options?: RandomOptions, size = 32): string {
  const bytes = new Uint8Array(size)
  if (typeof options?.random == 'function') options.random(bytes)
  else globalThis.crypto?.getRandomValues?.(bytes)
  // Nobody has filled them.
  if (!bytes.some(Boolean)) throw unsupported('crypto.getRandomValues')
  return toBase64url(bytes)
}

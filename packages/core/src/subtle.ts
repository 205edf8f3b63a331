import { unsupported } from './unsupported.js'

/**
 * WebCrypto, which browsers withhold from pages on plain http.
 *
 * @returns `crypto.subtle`
 * @throws OidcError `unsupported_runtime` where it is missing
 */
export function subtle(): SubtleCrypto {
  const found = globalThis.crypto?.subtle
  if (!found) throw unsupported('crypto.subtle')
  return found
}

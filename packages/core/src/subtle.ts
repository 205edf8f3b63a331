import { unsupported } from './unsupported.js'

declare global {
  // Empty on purpose: it merges with the runtime's own and lets this type load where no DOM lib is there.
  interface SubtleCrypto {}
}

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

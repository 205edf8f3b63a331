import { argumentError } from '@genauth-oidc/core/argumentError'
import { subtle } from '@genauth-oidc/core/subtle'

/**
 * Derives the AES-256-GCM key of one sealed value (HKDF-SHA-256, RFC 5869): the salt is the value's own, so that no key
 * meets the same initialisation vector twice.
 *
 * @param key - at least 32 characters
 * @param salt - random
 * @returns the key
 * @throws OidcError `argument_invalid` for a short key
 */
export async function deriveKey(key: unknown, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  if (typeof key != 'string' || key.length < 32) throw argumentError('key', 'at least 32 characters, or a list of such')
  const material = await subtle().importKey('raw', new TextEncoder().encode(key), 'HKDF', false, ['deriveKey'])
  return subtle().deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode('genauth-oidc seal') },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
}

/** The bound data: what a value was sealed for, and the version of its form. */
export const boundData = (purpose: unknown): Uint8Array<ArrayBuffer> => {
  if (typeof purpose != 'string' || !purpose) throw argumentError('purpose', 'a non-empty string')
  return new TextEncoder().encode(`v1 ${purpose}`)
}

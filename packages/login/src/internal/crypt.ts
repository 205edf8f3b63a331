import { argumentError } from '@genauth-oidc/core/argumentError'
import { subtle } from '@genauth-oidc/core/subtle'

/**
 * Reads the secrets: all of them are looked at, so that a bad one is noticed before a value comes that only it opens.
 *
 * @param key - at least 32 characters, or a list of such
 * @returns the list
 * @throws OidcError `argument_invalid` for a short one, or none
 */
export function keyList(key: unknown): string[] {
  const list = [key].flat() as string[]
  if (!list.length || !list.every((one) => typeof one == 'string' && one.length > 31))
    throw argumentError('key', 'at least 32 characters, or a list of such')
  return list
}

/**
 * Derives the AES-256-GCM key of one sealed value (HKDF-SHA-256, RFC 5869): the salt is the value's own, so that no key
 * meets the same initialisation vector twice.
 *
 * @param key - one of {@link keyList}
 * @param salt - random
 * @returns the key
 */
export async function deriveKey(key: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
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

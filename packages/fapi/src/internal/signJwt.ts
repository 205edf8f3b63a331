import { subtle } from '@genauth-oidc/core/subtle'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import type { JsonObject } from '@genauth-oidc/core/types'

/**
 * Signs a JWT in the compact form (RFC 7515 section 3.1).
 *
 * @param how - WebCrypto's parameters
 * @param key - what signs
 * @param header - with `alg`
 * @param claims - what it says; members that are undefined are left out
 * @returns the JWT
 */
export async function signJwt(
  how: (EcdsaParams & RsaPssParams) | string,
  key: CryptoKey,
  header: JsonObject,
  claims: JsonObject,
): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const signed = [header, claims].map((part) => toBase64url(bytes(JSON.stringify(part)))).join('.')
  return `${signed}.${toBase64url(await subtle().sign(how, key, bytes(signed)))}`
}

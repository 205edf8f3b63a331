import { argumentError } from '@genauth-oidc/core/argumentError'
import type { JsonObject } from '@genauth-oidc/core/types'
import type { SigningKey } from '../types.js'
import { signJwt } from './signJwt.js'

/** Signs claims, with these members in the header beside `alg` and `kid`. */
export type Sign = (claims: JsonObject, header?: JsonObject) => Promise<string>

/**
 * Makes what signs JWTs with a private key, by the one algorithm that the key is for.
 *
 * @param given - the key, or the key with its `kid`
 * @param argument - its name, for the error
 * @returns what signs
 * @throws OidcError `argument_invalid` for a key that can't sign, or that is weak (RFC 7518 section 3.3)
 */
export function signer(given: SigningKey, argument = 'key'): Sign {
  const { key = given as CryptoKey, kid = '', alg: older } = Object(given) as Partial<Exclude<SigningKey, CryptoKey>>
  const { algorithm, type, usages } = Object(key) as Partial<CryptoKey>
  const {
    name,
    hash,
    namedCurve,
    modulusLength = 2048,
  } = Object(algorithm) as Partial<RsaHashedKeyAlgorithm & EcKeyAlgorithm>
  const bits = `${hash?.name ?? namedCurve ?? 512}`.replace(/^(SHA|P)-/, '').replace('521', '512')
  const family = { ECDSA: 'ES', 'RSA-PSS': 'PS', 'RSASSA-PKCS1-v1_5': 'RS' }[name!]
  const alg = family ? family + bits : name!
  if (
    type != 'private' ||
    !usages?.includes('sign') ||
    !(modulusLength >= 2048) ||
    !/^([PRE]S(256|384|512)|Ed25519|ML-DSA-(44|65|87))$/.test(alg) ||
    typeof kid != 'string' ||
    ((older ?? alg) !== alg && !(older === 'EdDSA' && alg == 'Ed25519'))
  )
    throw argumentError(argument, 'a private CryptoKey for signing, or { key, kid }')
  // One object for all families: WebCrypto ignores the members that an algorithm does not know.
  const how = { name: name!, hash: `SHA-${bits}`, saltLength: +bits / 8 }
  return async (claims, header) => signJwt(how, key, { alg: older ?? alg, ...header, ...(kid && { kid }) }, claims)
}

import { configError } from '@genauth-oidc/core/configError'
import { OidcError } from '@genauth-oidc/core/OidcError'
import { readSecret } from '@genauth-oidc/core/readSecret'
import { subtle } from '@genauth-oidc/core/subtle'
import { toBytes } from '@genauth-oidc/core/toBytes'
import type { JsonObject, TokenConfig } from '@genauth-oidc/core/types'
import { keys, type KeySet } from './internal/keys.js'
import type { Jwt } from './readJwt.js'
import type { Refuse } from './refuse.js'
import type { VerifyOptions } from './types.js'

// Ready keys: of a JWK by algorithm, of a config by algorithm and secret.
const ready = /* @__PURE__ */ new WeakMap<object, Map<string, CryptoKey>>()

/**
 * Checks a token's signature: HS256, HS384 and HS512 with the app secret only, every other algorithm with the
 * provider's keys only. The algorithm must have been judged before.
 *
 * @param config - an oidc or oauth config
 * @param jwt - the token
 * @param refuse - makes the errors
 * @param options - where keys are kept, and how they are fetched
 * @throws OidcError `token_invalid` with check `key` or `signature`; `config_invalid` at `secret` when it is too short
 *   for the algorithm (RFC 7518 section 3.2); those of every request for the keys
 */
export async function checkSignature(
  config: TokenConfig,
  { alg, header, signed, signature }: Jwt,
  refuse: Refuse,
  options: VerifyOptions = {},
): Promise<void> {
  const family = alg.slice(0, 2)
  const bits = +alg.slice(2) || 512
  // One object for all families: WebCrypto ignores the members that an algorithm does not know.
  const algorithm = {
    name: { HS: 'HMAC', RS: 'RSASSA-PKCS1-v1_5', PS: 'RSA-PSS', ES: 'ECDSA', Ed: 'Ed25519' }[family]!,
    hash: `SHA-${bits}`,
    saltLength: bits / 8,
    namedCurve: `P-${bits == 512 ? 521 : bits}`,
  }
  let owner: object = config
  let name = alg
  let material: JsonObject | Uint8Array<ArrayBuffer>
  if (family == 'HS') {
    const secret = await readSecret(config)
    if (!secret) throw refuse('key', "the secret: set it, or let the application sign with RS256, or complete with idToken: 'direct'")
    material = new TextEncoder().encode(secret)
    if (material.length < bits / 8) throw configError('secret', `${alg} needs at least ${bits / 8} octets`)
    name += secret
  } else {
    const fits = ({ keys }: KeySet) =>
      keys.filter(
        (key) =>
          (header.kid === undefined || key.kid === header.kid) &&
          key.kty == { RS: 'RSA', PS: 'RSA', ES: 'EC', Ed: 'OKP' }[family] &&
          (family != 'ES' || key.crv == algorithm.namedCurve) &&
          (family != 'Ed' || key.crv == 'Ed25519') &&
          (key.alg === undefined || key.alg === alg || (family == 'Ed' && /^Ed(DSA|25519)$/.test(key.alg as string))) &&
          (key.use === undefined || key.use === 'sig') &&
          (key.key_ops === undefined || (Array.isArray(key.key_ops) && key.key_ops.includes('verify'))) &&
          // A private key in a public set is nobody's proof any more.
          !('d' in key),
      )
    const [key, ...more] = fits(await keys(config, options, (set) => fits(set).length > 0))
    if (!key || more.length) throw refuse('key', 'exactly one of the keys of the provider')
    owner = material = key
  }
  let kept = ready.get(owner)
  if (!kept) ready.set(owner, (kept = new Map()))
  let key = kept.get(name)
  if (!key) {
    try {
      key =
        material instanceof Uint8Array
          ? await subtle().importKey('raw', material, algorithm, false, ['verify'])
          : // Only what makes the key: what else stands in a JWK was judged above.
            await subtle().importKey('jwk', pick(material), algorithm, false, ['verify'])
    } catch (error) {
      if ((error as OidcError).code == 'unsupported_runtime') throw error
      throw refuse('key', 'one that this runtime can use')
    }
    const { modulusLength = 2048 } = key.algorithm as { modulusLength?: number }
    if (!(modulusLength >= 2048 && modulusLength <= 8192)) throw refuse('key', '2048 to 8192 bits long')
    kept.clear()
    kept.set(name, key)
  }
  if (!(await subtle().verify(algorithm, key, toBytes(signature), new TextEncoder().encode(signed))))
    throw refuse('signature', "the provider's: see that secret is the application's")
}

const pick = ({ kty, n, e, crv, x, y }: JsonObject) => ({ kty, n, e, crv, x, y }) as JsonWebKey

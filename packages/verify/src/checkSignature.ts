import { abortable } from '@genauth-oidc/core/abortable'
import { configError } from '@genauth-oidc/core/configError'
import { readSecret } from '@genauth-oidc/core/readSecret'
import { subtle } from '@genauth-oidc/core/subtle'
import { toBytes } from '@genauth-oidc/core/toBytes'
import type { JsonObject, TokenConfig } from '@genauth-oidc/core/types'
import { keys } from './internal/keys.js'
import type { Jwt } from './readJwt.js'
import type { Refuse } from './refuser.js'
import type { VerifyOptions } from './types.js'

// The key that was used last, of a JWK or of a config.
const ready = /* @__PURE__ */ new WeakMap<object, { readonly use: string; readonly key: CryptoKey }>()

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
  options?: VerifyOptions,
): Promise<void> {
  const crypto = subtle()
  const bits = +alg.slice(2) || 512
  const curve = `P-${bits == 512 ? 521 : bits}`
  const [name, kty, crv, older] = (
    {
      HS: ['HMAC'],
      RS: ['RSASSA-PKCS1-v1_5', 'RSA'],
      PS: ['RSA-PSS', 'RSA'],
      ES: ['ECDSA', 'EC', curve],
      Ed: ['Ed25519', 'OKP', 'Ed25519', 'EdDSA'],
    } as Record<string, [string, string?, string?, string?]>
  )[alg.slice(0, 2)]!
  // One object for all families: WebCrypto ignores the members that an algorithm does not know.
  const algorithm = { name, hash: `SHA-${bits}`, saltLength: bits / 8, namedCurve: curve }
  const secret = kty ? '' : await readSecret(config)
  if (secret === undefined)
    throw refuse('key', "the secret; without a secret sign with RS256, or set HS256 and idToken: 'direct'")
  const { kid } = header
  const fits = (key: JsonObject | null) =>
    key?.kty === kty &&
    (kid === undefined || kid === key!.kid) &&
    (crv ?? key!.crv) === key!.crv &&
    [alg, name, older].includes((key!.alg ?? alg) as string) &&
    (key!.use ?? 'sig') === 'sig' &&
    [key!.key_ops ?? 'verify'].flat().includes('verify') &&
    // A private key in a public set is nobody's proof any more.
    !['d', 'p', 'q', 'dp', 'dq', 'qi'].some((part) => part in key!)
  const given = options ?? {}
  const owner = secret ? config : await abortable(keys(config, given, fits), given, 'jwks')
  // A ready key is good for one algorithm and, with HMAC, one secret.
  const use = alg + secret
  let made = ready.get(owner!)
  if (made?.use !== use) {
    let key: CryptoKey | undefined
    try {
      const { n, e, x, y } = owner as JsonWebKey
      key = await crypto.importKey(
        (kty ? 'jwk' : 'raw') as 'jwk',
        (kty ? { kty, n, e, crv, x, y } : new TextEncoder().encode(secret)) as JsonWebKey,
        algorithm,
        false,
        ['verify'],
      )
    } catch {}
    const { length = bits, modulusLength = 2048 } = Object(key?.algorithm) as Record<string, number | undefined>
    if (length < bits) throw configError('secret', `${alg} needs ${bits / 8} octets`)
    if (!key || modulusLength < 2048 || modulusLength > 8192)
      throw refuse('key', 'exactly one of the provider, RSA of 2048 to 8192 bits')
    ready.set(owner!, (made = { use, key }))
  }
  const data = new TextEncoder().encode(signed)
  // Some runtimes throw at a signature of a length that can't be right.
  if (!(await crypto.verify(algorithm, made.key, toBytes(signature), data).catch(() => false)))
    throw refuse('signature', "the provider's: check secret and issuer")
}

import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Jwk } from './engine.js'
import { signRs256, verifyRs256, type Jwt } from './jwt.js'

interface RingKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** The RSA keys of one emulator, the newest first. */
export interface KeyRing {
  /** The public keys, as the JWKS endpoint shows them. */
  jwks(): { readonly keys: readonly Jwk[] }
  /** The private keys, for the engine. */
  privateJwks(): readonly Jwk[]
  /** Signs with the newest key. */
  sign(payload: object): string
  /** Whether one of the keys made this signature. */
  verify(jwt: Jwt): boolean
  /** Puts a new key first. */
  rotate(forgetOld: boolean): void
}

function makeKey(): RingKey {
  // The blocking call: on a machine with few cores it starts no later, and a rotation takes effect when it returns.
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicKey = createPublicKey(privateKey)
  const { e, n } = publicKey.export({ format: 'jwk' })
  // RFC 7638: the members that define the key, in this order.
  const kid = createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url')
  return { kid, privateKey, publicKey }
}

/** Makes the keys that sign access tokens and RS256 ID tokens. */
export function createKeyRing(): KeyRing {
  let keys: readonly [RingKey, ...RingKey[]] = [makeKey()]
  const asJwk = (kid: string, key: KeyObject): Jwk => ({
    ...key.export({ format: 'jwk' }),
    kid,
    use: 'sig',
    alg: 'RS256',
  })
  return {
    jwks: () => ({ keys: keys.map(({ kid, publicKey }) => asJwk(kid, publicKey)) }),
    privateJwks: () => keys.map(({ kid, privateKey }) => asJwk(kid, privateKey)),
    sign: (payload) => signRs256(payload, keys[0].privateKey, keys[0].kid),
    verify: (jwt) => keys.some(({ kid, publicKey }) => jwt.header['kid'] === kid && verifyRs256(jwt, publicKey)),
    rotate: (forgetOld) => {
      keys = [makeKey(), ...(forgetOld ? [] : keys)]
    },
  }
}

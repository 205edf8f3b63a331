import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { EmulatorFeatures } from '../types.js'
import type { Jwk } from './engine.js'
import { signRs256, verifyRs256, type Jwt } from './jwt.js'

type KeyAlg = 'RS256' | NonNullable<EmulatorFeatures['signingAlgs']>[number]

interface RingKey {
  readonly alg: KeyAlg
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** The keys of one emulator, the newest first. */
export interface KeyRing {
  /** The public keys, as the JWKS endpoint shows them. */
  jwks(): { readonly keys: readonly Jwk[] }
  /** The private keys, for the engine. */
  privateJwks(): readonly Jwk[]
  /** Signs with the newest RS256 key. */
  sign(payload: object): string
  /** Whether one of the RS256 keys made this signature. */
  verify(jwt: Jwt): boolean
  /** Puts new keys first. */
  rotate(forgetOld: boolean): void
}

// The blocking calls: on a machine with few cores they end no later, and a rotation has taken effect when it returns.
const generate = (alg: KeyAlg): KeyObject => {
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519').privateKey
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}

/** RFC 7638: the members that define the key, in this order. */
const thumbprint = ({ crv, e, kty, n, x, y }: Jwk | JsonWebKey): string =>
  createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url')

function makeKey<A extends KeyAlg>(alg: A): RingKey & { readonly alg: A } {
  const privateKey = generate(alg)
  const publicKey = createPublicKey(privateKey)
  return { alg, kid: thumbprint(publicKey.export({ format: 'jwk' })), privateKey, publicKey }
}

/**
 * Makes the keys: one for RS256, which signs access tokens and RS256 ID tokens, and those that are asked for besides.
 *
 * @param more - further algorithms, each with a key of its own
 */
export function createKeyRing(more: readonly KeyAlg[] = []): KeyRing {
  const make = () => ({ main: makeKey('RS256'), others: more.map((alg) => makeKey(alg)) })
  let { main, others } = make()
  let old: readonly RingKey[] = []
  const all = (): readonly RingKey[] => [main, ...others, ...old]
  const asJwk = ({ alg, kid }: RingKey, key: KeyObject): Jwk => ({
    ...key.export({ format: 'jwk' }),
    kid,
    use: 'sig',
    alg,
  })
  return {
    jwks: () => ({ keys: all().map((key) => asJwk(key, key.publicKey)) }),
    privateJwks: () => all().map((key) => asJwk(key, key.privateKey)),
    sign: (payload) => signRs256(payload, main.privateKey, main.kid),
    verify: (jwt) =>
      all().some(
        ({ alg, kid, publicKey }) => alg === 'RS256' && jwt.header['kid'] === kid && verifyRs256(jwt, publicKey),
      ),
    rotate: (forgetOld) => {
      old = forgetOld ? [] : all()
      ;({ main, others } = make())
    },
  }
}

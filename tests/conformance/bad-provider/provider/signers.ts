import { constants, createHmac, generateKeyPair, sign, type JsonWebKey, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Alg, Claims } from '../types.js'

/** Signs what a JWS signs. */
export interface Signer {
  readonly alg: string
  readonly kid?: string | undefined
  sign(input: string): string
}

export interface KeyPair {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export type KeyKind = 'rsa' | 'weak-rsa' | 'ec' | 'secp256k1' | 'ed25519'

const generate = promisify(generateKeyPair)
const pairs = new Map<string, Promise<KeyPair>>()

/** The key pair of a name: made once for the whole process, since an RSA key takes its time. */
export function keyPair(kind: KeyKind, name: string): Promise<KeyPair> {
  const kid = `${kind}-${name}`
  let pair = pairs.get(kid)
  if (!pair) {
    pair = make(kind).then(({ privateKey, publicKey }) => ({ kid, privateKey, publicKey }))
    pairs.set(kid, pair)
  }
  return pair
}

async function make(kind: KeyKind) {
  switch (kind) {
    case 'rsa':
      return generate('rsa', { modulusLength: 2048 })
    case 'weak-rsa':
      return generate('rsa', { modulusLength: 1024 })
    case 'ec':
      return generate('ec', { namedCurve: 'P-256' })
    case 'secp256k1':
      return generate('ec', { namedCurve: 'secp256k1' })
    case 'ed25519':
      return generate('ed25519')
  }
}

/** The public key as it stands in a key set. */
export const publicJwk = ({ kid, publicKey }: KeyPair, alg?: Alg): Claims => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  use: 'sig',
  ...(alg && { alg }),
})

/** The private key in the same shape, as a careless provider would publish it. */
export const privateJwk = ({ kid, privateKey }: KeyPair): JsonWebKey & Claims => ({
  ...privateKey.export({ format: 'jwk' }),
  kid,
  use: 'sig',
})

/** Signs with a shared secret. */
export const hmac = (secret: string | Buffer, alg = 'HS256'): Signer => ({
  alg,
  sign: (input) =>
    createHmac(`sha${alg.slice(2)}`, secret)
      .update(input)
      .digest('base64url'),
})

/** Signs with a private key. */
export const asymmetric = ({ kid, privateKey }: KeyPair, alg: Exclude<Alg, 'HS256'>): Signer => ({
  alg,
  kid,
  sign: (input) =>
    sign('sha256', Buffer.from(input), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
      ...(alg === 'PS256' && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
    }).toString('base64url'),
})

/** Does not sign. */
export const unsigned = (alg = 'none'): Signer => ({ alg, sign: () => '' })

/** The signer that a client's registration calls for. */
export async function signerFor(alg: Alg, secret: string, generation: number): Promise<Signer> {
  if (alg === 'HS256') return hmac(secret)
  return asymmetric(await keyPair(kindOf(alg), String(generation)), alg)
}

/** The key kind of an asymmetric algorithm. */
export const kindOf = (alg: Alg): 'rsa' | 'ec' => (alg === 'ES256' ? 'ec' : 'rsa')

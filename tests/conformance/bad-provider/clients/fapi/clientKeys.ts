import { exportJWK, generateKeyPair, type JWK } from 'jose'

export interface ClientKeys {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly jwk: JWK
}

let keys: Promise<ClientKeys> | undefined

/** The keys of all clients: the private one signs their assertions, the public one is registered. */
export async function clientKeys(): Promise<ClientKeys> {
  keys ??= generateKeyPair('ES256').then(async ({ privateKey, publicKey }) => ({
    privateKey,
    publicKey,
    jwk: { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' },
  }))
  return keys
}

import { refusesSignature } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import { keyPair, publicJwk } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-kid-absent-multiple-jwks',
  profiles: everySignIn,
  provider:
    'Signs without `kid`; the key set has three keys each of RSA, P-256, secp256k1 and Ed25519, without `kid` and `alg`.',
  algs: ['RS256', 'ES256'],
  behaviour: {
    signer: (signer) => ({ ...signer, kid: undefined }),
    keys: async () => {
      const kinds = ['rsa', 'ec', 'secp256k1', 'ed25519'] as const
      const pairs = kinds.flatMap((kind) => ['0', '1', '2'].map(async (name) => keyPair(kind, name)))
      return (await Promise.all(pairs)).map((pair) => ({ ...publicJwk(pair), kid: undefined }))
    },
  },
  eitherWay: 'to try all keys that fit and accept is as good',
  expected: refusesSignature('key'),
}

import { refusesClaims } from '../expectations.js'
import { hmac, keyPair, kindOf } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-hs256-keyed-with-public-key',
  profiles: ['Own'],
  provider: 'Signs with HS256, keyed with the public key as PEM.',
  algs: ['RS256', 'ES256'],
  behaviour: {
    signer: async (_, { run: { variant } }) =>
      hmac((await keyPair(kindOf(variant.alg), '0')).publicKey.export({ type: 'spki', format: 'pem' })),
  },
  expected: refusesClaims('alg'),
}

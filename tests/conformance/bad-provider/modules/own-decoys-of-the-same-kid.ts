import { accepted } from '../expectations.js'
import { keyPair, publicJwk } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-decoys-of-the-same-kid',
  profiles: ['Own'],
  provider: 'Publishes keys of other kinds and uses under the `kid` of the right one.',
  algs: ['RS256', 'ES256'],
  behaviour: {
    keys: async ([rsa, ec]) => {
      const decoys = [
        publicJwk(await keyPair('ed25519', '0')),
        publicJwk(await keyPair('secp256k1', '0')),
        { kty: 'oct', k: 'AAAA' },
      ]
      return [...decoys, { ...rsa, use: 'enc' }, { ...ec, use: 'enc' }, rsa, ec].map((key) => ({
        ...key,
        kid: 'shared',
      }))
    },
    signer: (signer) => ({ ...signer, kid: 'shared' }),
  },
  expected: accepted(),
}

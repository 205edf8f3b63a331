import { refusesSignature } from '../expectations.js'
import { keyPair, kindOf, publicJwk } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-two-keys-of-the-same-kid',
  profiles: ['Own'],
  provider: 'Publishes two keys of the same kind under one `kid`.',
  algs: ['RS256', 'ES256'],
  behaviour: {
    keys: async (keys, { variant }) => {
      const other = publicJwk(await keyPair(kindOf(variant.alg), '1'), variant.alg)
      return [other, ...keys].map((key) => ({ ...key, kid: 'shared' }))
    },
    signer: (signer) => ({ ...signer, kid: 'shared' }),
  },
  expected: refusesSignature('key'),
}

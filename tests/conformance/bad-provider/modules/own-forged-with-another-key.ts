import { refusesSignature } from '../expectations.js'
import { asymmetric, keyPair, kindOf } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-forged-with-another-key',
  profiles: ['Own'],
  provider: 'Signs with a key of its own under the `kid` of the published one.',
  algs: ['RS256', 'ES256'],
  behaviour: {
    signer: async ({ kid }, { run: { variant } }) => ({
      ...asymmetric(await keyPair(kindOf(variant.alg), 'attacker'), variant.alg === 'ES256' ? 'ES256' : 'RS256'),
      kid,
    }),
  },
  expected: refusesSignature('signature'),
}

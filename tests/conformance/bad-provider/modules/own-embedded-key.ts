import { refusesSignature } from '../expectations.js'
import { asymmetric, keyPair, kindOf, publicJwk } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-embedded-key',
  profiles: ['Own'],
  provider: 'Signs with a key of its own and embeds it in the header.',
  algs: ['RS256', 'ES256'],
  behaviour: {
    signer: async (_, { run: { variant } }) => ({
      ...asymmetric(await keyPair(kindOf(variant.alg), 'attacker'), variant.alg === 'ES256' ? 'ES256' : 'RS256'),
      kid: undefined,
    }),
    header: async (header, { run: { variant } }) => ({
      ...header,
      jwk: publicJwk(await keyPair(kindOf(variant.alg), 'attacker')),
    }),
  },
  expected: refusesSignature('signature'),
}

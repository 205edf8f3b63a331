import { refusesSignature } from '../expectations.js'
import { asymmetric, keyPair, publicJwk } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-weak-rsa-key',
  profiles: ['Own'],
  provider: 'Signs with an RSA key of 1024 bits.',
  algs: ['RS256'],
  behaviour: {
    keys: async () => [publicJwk(await keyPair('weak-rsa', '0'), 'RS256')],
    signer: async () => asymmetric(await keyPair('weak-rsa', '0'), 'RS256'),
  },
  expected: refusesSignature('key'),
}

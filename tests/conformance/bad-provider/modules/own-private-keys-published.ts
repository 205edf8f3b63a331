import { refusesSignature } from '../expectations.js'
import { keyPair, privateJwk } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-private-keys-published',
  profiles: ['Own'],
  provider: 'Publishes its private keys.',
  algs: ['RS256', 'ES256'],
  behaviour: {
    keys: async () => Promise.all((['rsa', 'ec'] as const).map(async (kind) => privateJwk(await keyPair(kind, '0')))),
  },
  expected: refusesSignature('key'),
}

import { refusesSignature } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-keys-for-encryption',
  profiles: ['Own'],
  provider: 'Publishes its keys for encryption only.',
  algs: ['RS256', 'ES256'],
  behaviour: { keys: (keys) => keys.map((key) => ({ ...key, use: 'enc' })) },
  expected: refusesSignature('key'),
}

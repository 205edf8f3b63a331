import { refusesSignature } from '../expectations.js'
import { corruptSignature } from '../provider/corruptSignature.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-invalid-sig-es256',
  profiles: ['Comprehensive'],
  provider: 'Corrupts the ES256 signature of the ID token.',
  algs: ['ES256'],
  behaviour: { jwt: corruptSignature },
  expected: refusesSignature('signature'),
}

import { refusesSignature } from '../expectations.js'
import { corruptSignature } from '../provider/corruptSignature.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-invalid-sig-hs256',
  profiles: ['Comprehensive'],
  provider: 'Corrupts the HS256 signature, keyed with the client secret, of the ID token.',
  algs: ['HS256'],
  behaviour: { jwt: corruptSignature },
  expected: refusesSignature('signature'),
}

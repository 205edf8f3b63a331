import { refusesSignature } from '../expectations.js'
import { corruptSignature } from '../provider/corruptSignature.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-signature',
  profiles: ['FAPI 2'],
  provider: 'Corrupts the signature of the ID token.',
  behaviour: { jwt: corruptSignature },
  expected: refusesSignature('signature'),
}

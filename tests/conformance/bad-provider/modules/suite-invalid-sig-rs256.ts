import { refusesSignature } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import { corruptSignature } from '../provider/corruptSignature.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-invalid-sig-rs256',
  profiles: everySignIn,
  provider: 'Corrupts the RS256 signature of the ID token.',
  algs: ['RS256'],
  behaviour: { jwt: corruptSignature },
  expected: refusesSignature('signature'),
}

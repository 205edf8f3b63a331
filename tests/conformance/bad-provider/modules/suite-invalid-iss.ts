import { refusesClaims } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-invalid-iss',
  profiles: everySignIn,
  provider: 'Appends the digit 1 to `iss` of the ID token.',
  behaviour: { claims: (claims) => ({ ...claims, iss: `${String(claims.iss)}1` }) },
  expected: refusesClaims('iss'),
}

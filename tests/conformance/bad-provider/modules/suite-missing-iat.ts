import { refusesClaims } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-missing-iat',
  profiles: everySignIn,
  provider: 'Leaves `iat` out of the ID token.',
  behaviour: { claims: (claims) => ({ ...claims, iat: undefined }) },
  expected: refusesClaims('iat'),
}

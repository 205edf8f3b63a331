import { refusesClaims } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-missing-sub',
  profiles: everySignIn,
  provider: 'Leaves `sub` out of the ID token.',
  behaviour: { claims: (claims) => ({ ...claims, sub: undefined }) },
  expected: refusesClaims('sub'),
}

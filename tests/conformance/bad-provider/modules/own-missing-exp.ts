import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-missing-exp',
  profiles: ['Own'],
  provider: 'Leaves `exp` out of the ID token.',
  behaviour: { claims: (claims) => ({ ...claims, exp: undefined }) },
  expected: refusesClaims('exp'),
}

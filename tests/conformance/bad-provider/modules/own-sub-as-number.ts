import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-sub-as-number',
  profiles: ['Own'],
  provider: 'Gives `sub` as a number.',
  // Its user info would be of the same wrong user.
  params: { userInfo: false },
  behaviour: { claims: (claims) => ({ ...claims, sub: 42 }) },
  expected: refusesClaims('sub'),
}

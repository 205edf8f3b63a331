import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-long-sub',
  profiles: ['Own'],
  provider: 'Gives a `sub` of 256 characters.',
  // Its user info would be of the same wrong user.
  params: { userInfo: false },
  behaviour: { claims: (claims) => ({ ...claims, sub: 'a'.repeat(256) }) },
  expected: refusesClaims('sub'),
}

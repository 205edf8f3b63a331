import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-empty-sub',
  profiles: ['Own'],
  provider: 'Gives an empty `sub`.',
  // Its user info would be of the same wrong user.
  params: { userInfo: false },
  behaviour: { claims: (claims) => ({ ...claims, sub: '' }) },
  expected: refusesClaims('sub'),
}

import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-exp-as-text',
  profiles: ['Own'],
  provider: 'Gives `exp` as text.',
  behaviour: { claims: (claims) => ({ ...claims, exp: String(claims.exp) }) },
  expected: refusesClaims('exp'),
}

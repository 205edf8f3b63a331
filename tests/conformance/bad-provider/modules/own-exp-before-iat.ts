import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-exp-before-iat',
  profiles: ['Own'],
  provider: 'Gives an ID token that ends before it begins, both within the tolerance.',
  behaviour: { claims: (claims) => ({ ...claims, iat: Number(claims.iat) + 20, exp: Number(claims.iat) + 10 }) },
  expected: refusesClaims('iat'),
}

import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-expired',
  profiles: ['Own'],
  provider: 'Gives an ID token that ended an hour ago.',
  behaviour: { claims: (claims) => ({ ...claims, iat: Number(claims.iat) - 3900, exp: Number(claims.exp) - 3900 }) },
  expected: refusesClaims('exp'),
}

import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-not-yet-valid',
  profiles: ['Own'],
  provider: 'Gives an ID token with an `nbf` an hour ahead.',
  behaviour: { claims: (claims) => ({ ...claims, nbf: Number(claims.iat) + 3600 }) },
  expected: refusesClaims('nbf'),
}

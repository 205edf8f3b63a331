import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-iat-a-week-ahead',
  profiles: ['Own'],
  provider: 'Gives an ID token from a week ahead.',
  behaviour: {
    claims: (claims) => ({ ...claims, iat: Number(claims.iat) + 604_800, exp: Number(claims.exp) + 604_800 }),
  },
  expected: refusesClaims('iat'),
}

import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-iat-a-week-ago',
  profiles: ['Own'],
  provider: 'Gives an ID token that it made a week ago.',
  behaviour: { claims: (claims) => ({ ...claims, iat: Number(claims.iat) - 604_800 }) },
  expected: refusesClaims('iat'),
}

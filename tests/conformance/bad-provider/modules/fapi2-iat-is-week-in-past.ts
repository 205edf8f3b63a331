import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-iat-is-week-in-past',
  profiles: ['FAPI 2'],
  provider: 'Gives an ID token that it made a week ago.',
  behaviour: {
    claims: (claims, { place }) => (place === 'token' ? { ...claims, iat: Number(claims.iat) - 604_800 } : claims),
  },
  expected: refusesClaims('iat'),
}

import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-expired-exp',
  profiles: ['FAPI 2'],
  provider: 'Gives an ID token that ended more than five minutes ago.',
  behaviour: {
    claims: (claims, { place }) =>
      place === 'token' ? { ...claims, iat: Number(claims.iat) - 700, exp: Number(claims.iat) - 400 } : claims,
  },
  expected: refusesClaims('exp'),
}

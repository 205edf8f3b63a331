import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-iss',
  profiles: ['FAPI 2'],
  provider: 'Gives another `iss` in the ID token.',
  behaviour: {
    claims: (claims, { place }) => (place === 'token' ? { ...claims, iss: `${String(claims.iss)}1` } : claims),
  },
  expected: refusesClaims('iss'),
}

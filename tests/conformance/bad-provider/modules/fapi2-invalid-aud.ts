import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-aud',
  profiles: ['FAPI 2'],
  provider: 'Gives another `aud` in the ID token.',
  behaviour: {
    claims: (claims, { place }) => (place === 'token' ? { ...claims, aud: `${String(claims.aud)}1` } : claims),
  },
  expected: refusesClaims('aud'),
}

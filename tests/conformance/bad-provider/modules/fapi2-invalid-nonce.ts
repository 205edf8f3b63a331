import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-nonce',
  profiles: ['FAPI 2'],
  provider: 'Gives another `nonce` in the ID token.',
  behaviour: {
    claims: (claims, { place }) => (place === 'token' ? { ...claims, nonce: `${String(claims.nonce)}1` } : claims),
  },
  expected: refusesClaims('nonce'),
}

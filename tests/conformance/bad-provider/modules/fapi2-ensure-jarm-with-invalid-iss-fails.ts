import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-ensure-jarm-with-invalid-iss-fails',
  profiles: ['FAPI 2, message signing'],
  provider: 'Gives another `iss` in the signed callback.',
  behaviour: {
    claims: (claims, { place }) => (place === 'response' ? { ...claims, iss: `${String(claims.iss)}1` } : claims),
  },
  expected: refusesClaims('iss'),
}

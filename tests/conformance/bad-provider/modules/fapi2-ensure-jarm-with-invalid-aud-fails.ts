import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-ensure-jarm-with-invalid-aud-fails',
  profiles: ['FAPI 2, message signing'],
  provider: 'Gives another `aud` in the signed callback.',
  behaviour: {
    claims: (claims, { place }) => (place === 'response' ? { ...claims, aud: `${String(claims.aud)}1` } : claims),
  },
  expected: refusesClaims('aud'),
}

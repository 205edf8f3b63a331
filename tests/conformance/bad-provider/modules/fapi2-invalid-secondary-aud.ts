import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-secondary-aud',
  profiles: ['FAPI 2'],
  provider: 'Adds another client to `aud`, without `azp`.',
  behaviour: {
    claims: (claims, { place }) => (place === 'token' ? { ...claims, aud: [claims.aud, 'another-client'] } : claims),
  },
  expected: refusesClaims('aud'),
}

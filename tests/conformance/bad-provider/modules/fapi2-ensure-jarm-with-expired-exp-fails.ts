import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-ensure-jarm-with-expired-exp-fails',
  profiles: ['FAPI 2, message signing'],
  provider: 'Gives a signed callback that ended an hour ago.',
  behaviour: {
    claims: (claims, { place }) => (place === 'response' ? { ...claims, exp: Number(claims.exp) - 3900 } : claims),
  },
  expected: refusesClaims('exp'),
}

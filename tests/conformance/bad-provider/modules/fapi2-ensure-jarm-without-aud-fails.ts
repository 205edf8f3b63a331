import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-ensure-jarm-without-aud-fails',
  profiles: ['FAPI 2, message signing'],
  provider: 'Leaves `aud` out of the signed callback.',
  behaviour: { claims: (claims, { place }) => (place === 'response' ? { ...claims, aud: undefined } : claims) },
  expected: refusesClaims('aud'),
}

import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-missing-exp',
  profiles: ['FAPI 2'],
  provider: 'Leaves `exp` out of the ID token.',
  behaviour: { claims: (claims, { place }) => (place === 'token' ? { ...claims, exp: undefined } : claims) },
  expected: refusesClaims('exp'),
}

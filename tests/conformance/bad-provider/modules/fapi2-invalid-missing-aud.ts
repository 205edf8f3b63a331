import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-missing-aud',
  profiles: ['FAPI 2'],
  provider: 'Leaves `aud` out of the ID token.',
  behaviour: { claims: (claims, { place }) => (place === 'token' ? { ...claims, aud: undefined } : claims) },
  expected: refusesClaims('aud'),
}

import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-valid-aud-as-array',
  profiles: ['FAPI 2'],
  provider: 'Gives `aud` as a list of the client alone.',
  behaviour: { claims: (claims, { place }) => (place === 'token' ? { ...claims, aud: [claims.aud] } : claims) },
  expected: accepted(),
}

import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-refresh-token-invalid-issuer',
  profiles: ['Refresh'],
  provider: 'Appends the digit 1 to `iss` of the refreshed ID token.',
  flow: signInAndRefresh,
  behaviour: {
    claims: (claims, { place }) => (place === 'refresh' ? { ...claims, iss: `${String(claims.iss)}1` } : claims),
  },
  expected: refusesClaims('iss', 'refresh'),
}

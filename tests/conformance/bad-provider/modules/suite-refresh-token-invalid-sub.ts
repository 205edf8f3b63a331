import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-refresh-token-invalid-sub',
  profiles: ['Refresh'],
  provider: 'Appends the digit 1 to `sub` of the refreshed ID token.',
  flow: signInAndRefresh,
  // Its user info would be of the same wrong user.
  params: { userInfo: false },
  behaviour: {
    claims: (claims, { place }) => (place === 'refresh' ? { ...claims, sub: `${String(claims.sub)}1` } : claims),
  },
  expected: refusesClaims('sub', 'refresh'),
}

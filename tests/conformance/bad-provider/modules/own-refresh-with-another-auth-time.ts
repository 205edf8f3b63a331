import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-with-another-auth-time',
  profiles: ['Own'],
  provider: 'Gives another `auth_time` in the refreshed ID token than in the first one.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: {
    claims: (claims, { place }) => ({
      ...claims,
      auth_time: Number(claims.iat) - (place === 'refresh' ? 0 : 100),
    }),
  },
  expected: refusesClaims('auth_time', 'refresh'),
}

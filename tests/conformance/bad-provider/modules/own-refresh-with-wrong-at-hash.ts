import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-with-wrong-at-hash',
  profiles: ['Own'],
  provider: 'Gives a wrong `at_hash` with the refreshed ID token.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: {
    claims: (claims, { place }) =>
      place === 'refresh' ? { ...claims, at_hash: `${String(claims.at_hash)}1` } : claims,
  },
  expected: refusesClaims('at_hash', 'refresh'),
}

import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-with-another-nonce',
  profiles: ['Own'],
  provider: 'Gives another `nonce` in the refreshed ID token.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: { claims: (claims, { place }) => (place === 'refresh' ? { ...claims, nonce: 'another-nonce' } : claims) },
  expected: refusesClaims('nonce', 'refresh'),
}

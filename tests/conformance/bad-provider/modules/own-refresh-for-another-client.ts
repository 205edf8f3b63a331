import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-for-another-client',
  profiles: ['Own'],
  provider: 'Answers a refresh with an ID token for another client.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: { claims: (claims, { place }) => (place === 'refresh' ? { ...claims, aud: 'another-client' } : claims) },
  expected: refusesClaims('aud', 'refresh'),
}

import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-with-foreign-azp',
  profiles: ['Own'],
  provider: 'Names another client in `azp` of the refreshed ID token.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: { claims: (claims, { place }) => (place === 'refresh' ? { ...claims, azp: 'another-client' } : claims) },
  expected: refusesClaims('azp', 'refresh'),
}

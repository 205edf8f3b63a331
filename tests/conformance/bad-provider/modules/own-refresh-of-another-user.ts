import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-of-another-user',
  profiles: ['Own'],
  provider: 'Answers a refresh with an ID token of another user.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  // Its user info would be of the same wrong user.
  params: { userInfo: false },
  behaviour: { claims: (claims, { place }) => (place === 'refresh' ? { ...claims, sub: 'another-user' } : claims) },
  expected: refusesClaims('sub', 'refresh'),
}

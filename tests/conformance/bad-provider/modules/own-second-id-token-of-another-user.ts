import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-second-id-token-of-another-user',
  profiles: ['Own'],
  provider: 'Gives an ID token of another user at the token endpoint than on the front channel.',
  responseTypes: ['code id_token', 'code id_token token'],
  // Its user info would be of the same wrong user.
  params: { userInfo: false },
  behaviour: { claims: (claims, { place }) => (place === 'token' ? { ...claims, sub: 'another-user' } : claims) },
  expected: refusesClaims('sub', 'second signature'),
}

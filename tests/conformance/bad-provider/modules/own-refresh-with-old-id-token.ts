import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-with-old-id-token',
  profiles: ['Own'],
  provider: 'Answers a refresh with an ID token that it made a week ago.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: {
    claims: (claims, { place }) => (place === 'refresh' ? { ...claims, iat: Number(claims.iat) - 604_800 } : claims),
  },
  expected: refusesClaims('iat', 'refresh'),
}

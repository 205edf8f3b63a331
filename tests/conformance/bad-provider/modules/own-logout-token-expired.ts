import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-expired',
  profiles: ['Own'],
  provider: 'Sends a logout token that ended an hour ago.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: {
    claims: (claims, { place }) =>
      place === 'logout' ? { ...claims, iat: Number(claims.iat) - 3700, exp: Number(claims.iat) - 3600 } : claims,
  },
  expected: refuses('token_invalid', { check: 'exp' }, 'logout'),
}

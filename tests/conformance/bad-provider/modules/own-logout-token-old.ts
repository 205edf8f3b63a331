import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-old',
  profiles: ['Own'],
  provider: 'Sends a logout token that it made an hour ago.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: {
    claims: (claims, { place }) => (place === 'logout' ? { ...claims, iat: Number(claims.iat) - 3600 } : claims),
  },
  expected: refuses('token_invalid', { check: 'iat' }, 'logout'),
}

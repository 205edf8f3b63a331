import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-without-exp',
  profiles: ['Own'],
  provider: 'Sends a logout token without `exp`.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: { claims: (claims, { place }) => (place === 'logout' ? { ...claims, exp: undefined } : claims) },
  expected: refuses('token_invalid', { check: 'exp' }, 'logout'),
}

import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-without-jti',
  profiles: ['Own'],
  provider: 'Sends a logout token without `jti`.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: { claims: (claims, { place }) => (place === 'logout' ? { ...claims, jti: undefined } : claims) },
  expected: refuses('token_invalid', { check: 'jti' }, 'logout'),
}

import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-of-nobody',
  profiles: ['Own'],
  provider: 'Sends a logout token with neither `sub` nor `sid`.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: {
    claims: (claims, { place }) => (place === 'logout' ? { ...claims, sub: undefined, sid: undefined } : claims),
  },
  expected: refuses('token_invalid', { check: 'sub' }, 'logout'),
}

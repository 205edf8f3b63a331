import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-for-two',
  profiles: ['Own'],
  provider: 'Adds another client to `aud` of the logout token.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: {
    claims: (claims, { place }) => (place === 'logout' ? { ...claims, aud: [claims.aud, 'another-client'] } : claims),
  },
  expected: refuses('token_invalid', { check: 'aud' }, 'logout'),
}

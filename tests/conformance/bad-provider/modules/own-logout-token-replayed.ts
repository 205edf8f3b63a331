import { refuses } from '../expectations.js'
import { replayedLogout } from '../flows/replayedLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-replayed',
  profiles: ['Own'],
  provider: 'Sends the same logout token twice.',
  responseTypes: ['code'],
  flow: replayedLogout,
  behaviour: {},
  expected: refuses('token_invalid', { check: 'jti' }, 'logout'),
}

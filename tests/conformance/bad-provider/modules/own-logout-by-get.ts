import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-by-get',
  profiles: ['Own'],
  provider: 'Sends the logout token in a query.',
  responseTypes: ['code'],
  algs: ['HS256'],
  flow: backchannelLogout,
  behaviour: { logoutRequest: (request) => new Request(`${request.url}?logout_token=e30.e30.`) },
  expected: refuses('token_invalid', { check: 'missing' }, 'logout'),
}

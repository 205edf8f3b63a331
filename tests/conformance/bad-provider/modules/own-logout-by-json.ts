import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-by-json',
  profiles: ['Own'],
  provider: 'Sends the logout token as JSON.',
  responseTypes: ['code'],
  algs: ['HS256'],
  flow: backchannelLogout,
  behaviour: {
    logoutRequest: (request) =>
      new Request(request.url, {
        method: 'POST',
        body: '{"logout_token":"e30.e30."}',
        headers: { 'content-type': 'application/json' },
      }),
  },
  expected: refuses('token_invalid', { check: 'missing' }, 'logout'),
}

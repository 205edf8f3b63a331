import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-by-id-token',
  profiles: ['Own'],
  provider: 'Sends the ID token of the user as the logout token.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: {
    logoutRequest: (request, { idTokens }) =>
      new Request(request.url, { method: 'POST', body: new URLSearchParams({ logout_token: [...idTokens][0] ?? '' }) }),
  },
  expected: refuses('token_invalid', { check: 'events' }, 'logout'),
}

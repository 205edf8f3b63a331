import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-event-as-list',
  profiles: ['Own'],
  provider: 'Gives the logout event as a list.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: {
    claims: (claims, { place }) =>
      place === 'logout' ? { ...claims, events: ['http://schemas.openid.net/event/backchannel-logout'] } : claims,
  },
  expected: refuses('token_invalid', { check: 'events' }, 'logout'),
}

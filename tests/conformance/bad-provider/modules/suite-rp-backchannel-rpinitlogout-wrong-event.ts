import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event',
  profiles: ['Back-channel logout'],
  provider: 'Sends a logout token with another event.',
  flow: backchannelLogout,
  behaviour: {
    claims: (claims, { place }) =>
      place === 'logout' ? { ...claims, events: { 'https://example.com/event/other': {} } } : claims,
  },
  expected: refuses('token_invalid', { check: 'events' }, 'logout'),
}

import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-no-event',
  profiles: ['Back-channel logout'],
  provider: 'Leaves `events` out of the logout token.',
  flow: backchannelLogout,
  behaviour: { claims: (claims, { place }) => (place === 'logout' ? { ...claims, events: undefined } : claims) },
  expected: refuses('token_invalid', { check: 'events' }, 'logout'),
}

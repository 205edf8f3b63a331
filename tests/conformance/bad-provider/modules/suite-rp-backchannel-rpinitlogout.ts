import { accepted } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout',
  profiles: ['Back-channel logout'],
  provider: 'Sends a correct logout token to the application.',
  flow: backchannelLogout,
  behaviour: {},
  expected: accepted('logout'),
}

import { accepted } from '../expectations.js'
import { frontchannelLogout } from '../flows/frontchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-frontchannel-rpinitlogout',
  profiles: ['Front-channel logout'],
  provider: 'Loads the address for front-channel logout in a frame, with `iss` and `sid`, then sends the browser back.',
  flow: frontchannelLogout,
  behaviour: {},
  expected: accepted('logout'),
}

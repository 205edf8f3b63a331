import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce',
  profiles: ['Back-channel logout'],
  provider: 'Sends a logout token with a `nonce`.',
  flow: backchannelLogout,
  behaviour: { claims: (claims, { place }) => (place === 'logout' ? { ...claims, nonce: 'a-nonce' } : claims) },
  expected: refuses('token_invalid', { check: 'nonce' }, 'logout'),
}

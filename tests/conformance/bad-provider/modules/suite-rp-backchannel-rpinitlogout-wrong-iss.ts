import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss',
  profiles: ['Back-channel logout'],
  provider: 'Appends the text INVALID to `iss` of the logout token.',
  flow: backchannelLogout,
  behaviour: {
    claims: (claims, { place }) => (place === 'logout' ? { ...claims, iss: `${String(claims.iss)}INVALID` } : claims),
  },
  expected: refuses('token_invalid', { check: 'iss' }, 'logout'),
}

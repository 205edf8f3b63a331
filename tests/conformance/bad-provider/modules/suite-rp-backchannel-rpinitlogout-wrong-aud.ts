import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud',
  profiles: ['Back-channel logout'],
  provider: 'Appends the text INVALID to `aud` of the logout token.',
  flow: backchannelLogout,
  behaviour: {
    claims: (claims, { place }) => (place === 'logout' ? { ...claims, aud: `${String(claims.aud)}INVALID` } : claims),
  },
  expected: refuses('token_invalid', { check: 'aud' }, 'logout'),
}

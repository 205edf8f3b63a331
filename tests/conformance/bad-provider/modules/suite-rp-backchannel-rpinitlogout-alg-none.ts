import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import { unsigned } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-alg-none',
  profiles: ['Back-channel logout'],
  provider: 'Sends a logout token with `alg: none`.',
  flow: backchannelLogout,
  behaviour: { signer: (signer, { place }) => (place === 'logout' ? unsigned() : signer) },
  expected: refuses('token_invalid', { check: 'alg' }, 'logout'),
}

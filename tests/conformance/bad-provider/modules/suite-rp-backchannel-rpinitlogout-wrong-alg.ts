import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import { signerFor } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg',
  profiles: ['Back-channel logout'],
  provider: 'Signs the logout token with another algorithm than the registered one.',
  flow: backchannelLogout,
  behaviour: {
    signer: async (signer, { place, run }) =>
      place === 'logout' ? signerFor(signer.alg === 'ES256' ? 'RS256' : 'ES256', run.client.secret, 0) : signer,
  },
  expected: refuses('token_invalid', { check: 'alg' }, 'logout'),
}

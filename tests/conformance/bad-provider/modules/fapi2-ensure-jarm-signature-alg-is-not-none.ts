import { refusesClaims } from '../expectations.js'
import { unsigned } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-ensure-jarm-signature-alg-is-not-none',
  profiles: ['FAPI 2, message signing'],
  provider: 'Gives a callback that is signed with `alg: none`.',
  behaviour: { signer: (signer, { place }) => (place === 'response' ? unsigned() : signer) },
  expected: refusesClaims('alg'),
}

import { refusesClaims } from '../expectations.js'
import { signerFor } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-alternate-alg',
  profiles: ['FAPI 2'],
  provider: 'Signs the ID token with another algorithm than the registered one.',
  behaviour: { signer: async (signer) => signerFor(signer.alg === 'PS256' ? 'ES256' : 'PS256', '', 0) },
  expected: refusesClaims('alg'),
}

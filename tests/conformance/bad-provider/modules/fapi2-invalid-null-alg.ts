import { refusesClaims } from '../expectations.js'
import { unsigned } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-null-alg',
  profiles: ['FAPI 2'],
  provider: 'Gives an ID token with `alg: none`.',
  behaviour: { signer: () => unsigned() },
  expected: refusesClaims('alg'),
}

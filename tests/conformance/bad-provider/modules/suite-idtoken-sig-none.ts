import { refusesClaims } from '../expectations.js'
import { unsigned } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-idtoken-sig-none',
  profiles: ['Basic', 'Config', 'Form Post (Basic)'],
  provider: 'Gives an ID token with `alg: none` from the token endpoint.',
  behaviour: { signer: () => unsigned() },
  expected: refusesClaims('alg'),
}

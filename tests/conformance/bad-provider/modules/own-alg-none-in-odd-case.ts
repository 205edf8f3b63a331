import { refusesClaims } from '../expectations.js'
import { unsigned } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-alg-none-in-odd-case',
  profiles: ['Own'],
  provider: 'Gives ID tokens with `alg: nOnE`.',
  behaviour: { signer: () => unsigned('nOnE') },
  expected: refusesClaims('alg'),
}

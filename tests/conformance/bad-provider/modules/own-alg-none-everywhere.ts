import { refusesClaims } from '../expectations.js'
import { unsigned } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-alg-none-everywhere',
  profiles: ['Own'],
  provider: 'Gives ID tokens with `alg: none`, on the front channel too.',
  behaviour: { signer: () => unsigned() },
  expected: refusesClaims('alg'),
}

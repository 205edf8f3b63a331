import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-missing-nonce',
  profiles: ['Own'],
  provider: 'Leaves `nonce` out of the ID token.',
  behaviour: { claims: (claims) => ({ ...claims, nonce: undefined }) },
  expected: refusesClaims('nonce'),
}

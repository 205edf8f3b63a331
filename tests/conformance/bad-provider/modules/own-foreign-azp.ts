import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-foreign-azp',
  profiles: ['Own'],
  provider: 'Names another client in `azp`, with the right `aud`.',
  behaviour: { claims: (claims) => ({ ...claims, azp: 'another-client' }) },
  expected: refusesClaims('azp'),
}

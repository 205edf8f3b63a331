import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-empty-audience-list',
  profiles: ['Own'],
  provider: 'Gives an empty list as `aud`.',
  behaviour: { claims: (claims) => ({ ...claims, aud: [] }) },
  expected: refusesClaims('aud'),
}

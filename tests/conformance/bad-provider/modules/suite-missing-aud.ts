import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-missing-aud',
  profiles: ['Comprehensive'],
  provider: 'Leaves `aud` out of the ID token.',
  behaviour: { claims: (claims) => ({ ...claims, aud: undefined }) },
  expected: refusesClaims('aud'),
}

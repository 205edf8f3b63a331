import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-happy-path',
  profiles: ['FAPI 2', 'FAPI 2, message signing'],
  provider:
    'Behaves well, demands pushed requests, signed assertions and DPoP proofs with its nonce, and checks all of them.',
  behaviour: {},
  expected: accepted(),
}

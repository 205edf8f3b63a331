import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-happy-path-no-dpop-nonce',
  profiles: ['FAPI 2'],
  provider: 'Behaves well, and demands no nonce in DPoP proofs.',
  behaviour: { dpopNonce: false },
  expected: accepted(),
}

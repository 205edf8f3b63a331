import { refusesClaims } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-nonce-invalid',
  profiles: everySignIn,
  provider: 'Appends the digit 1 to `nonce` of the ID token.',
  behaviour: { claims: (claims) => ({ ...claims, nonce: `${String(claims.nonce)}1` }) },
  expected: refusesClaims('nonce'),
}

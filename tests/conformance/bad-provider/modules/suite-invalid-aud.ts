import { refusesClaims } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-invalid-aud',
  profiles: everySignIn,
  provider: 'Appends the digit 1 to `aud` of the ID token.',
  behaviour: { claims: (claims) => ({ ...claims, aud: `${String(claims.aud)}1` }) },
  expected: refusesClaims('aud'),
}

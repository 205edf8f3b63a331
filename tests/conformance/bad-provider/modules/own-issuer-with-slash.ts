import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-issuer-with-slash',
  profiles: ['Own'],
  provider: 'Appends a slash to `iss` of the ID token.',
  behaviour: { claims: (claims) => ({ ...claims, iss: `${String(claims.iss)}/` }) },
  expected: refusesClaims('iss'),
}

import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-issuer-in-other-case',
  profiles: ['Own'],
  provider: 'Writes the scheme of `iss` in capitals.',
  behaviour: { claims: (claims) => ({ ...claims, iss: String(claims.iss).replace('http:', 'HTTP:') }) },
  expected: refusesClaims('iss'),
}

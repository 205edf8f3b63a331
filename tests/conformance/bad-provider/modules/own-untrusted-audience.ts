import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-untrusted-audience',
  profiles: ['Own'],
  provider: 'Adds another client to `aud`.',
  behaviour: { claims: (claims) => ({ ...claims, aud: [claims.aud, 'another-client'], azp: claims.aud }) },
  expected: refusesClaims('aud'),
}

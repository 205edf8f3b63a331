import { refusesClaims } from '../expectations.js'
import { frontIdToken } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-wrong-s-hash',
  profiles: ['Own'],
  provider: 'Gives an `s_hash` of another state in the ID token of the front channel.',
  responseTypes: frontIdToken,
  behaviour: { claims: (claims) => ({ ...claims, s_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }) },
  expected: refusesClaims('s_hash'),
}

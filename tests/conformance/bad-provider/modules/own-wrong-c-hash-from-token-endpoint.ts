import { refusesClaims } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-wrong-c-hash-from-token-endpoint',
  profiles: ['Own'],
  provider: 'Gives a wrong `c_hash` with the ID token of the token endpoint.',
  responseTypes: codeTypes,
  behaviour: {
    claims: (claims, { place }) => (place === 'token' ? { ...claims, c_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } : claims),
  },
  expected: refusesClaims('c_hash', 'token'),
}

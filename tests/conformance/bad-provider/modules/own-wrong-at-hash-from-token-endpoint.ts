import { refusesClaims } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-wrong-at-hash-from-token-endpoint',
  profiles: ['Own'],
  provider: 'Gives a wrong `at_hash` with the ID token of the token endpoint.',
  responseTypes: codeTypes,
  behaviour: {
    claims: (claims, { place }) => (place === 'token' ? { ...claims, at_hash: `${String(claims.at_hash)}1` } : claims),
  },
  expected: refusesClaims('at_hash', 'token'),
}

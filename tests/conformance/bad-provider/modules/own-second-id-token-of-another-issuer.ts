import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-second-id-token-of-another-issuer',
  profiles: ['Own'],
  provider: 'Gives an ID token of another issuer at the token endpoint than on the front channel.',
  responseTypes: ['code id_token', 'code id_token token'],
  behaviour: {
    claims: (claims, { place }) => (place === 'token' ? { ...claims, iss: 'https://other.example.com' } : claims),
  },
  expected: refusesClaims('iss', 'token'),
}

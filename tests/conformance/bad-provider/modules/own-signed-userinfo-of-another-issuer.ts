import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-signed-userinfo-of-another-issuer',
  profiles: ['Own'],
  provider: 'Gives signed user info of another issuer.',
  responseTypes: ['code'],
  algs: ['RS256', 'ES256'],
  client: { signedUserInfo: true },
  behaviour: {
    claims: (claims, { place }) => (place === 'userinfo' ? { ...claims, iss: 'https://other.example.com' } : claims),
  },
  expected: refuses('token_invalid', { check: 'iss' }, 'whole'),
}

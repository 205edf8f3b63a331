import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-signed-userinfo-for-another-client',
  profiles: ['Own'],
  provider: 'Gives signed user info for another client.',
  responseTypes: ['code'],
  algs: ['RS256', 'ES256'],
  client: { signedUserInfo: true },
  behaviour: { claims: (claims, { place }) => (place === 'userinfo' ? { ...claims, aud: 'another-client' } : claims) },
  expected: refuses('token_invalid', { check: 'aud' }, 'whole'),
}

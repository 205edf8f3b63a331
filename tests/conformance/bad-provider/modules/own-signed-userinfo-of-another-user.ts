import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-signed-userinfo-of-another-user',
  profiles: ['Own'],
  provider: 'Gives signed user info of another user.',
  responseTypes: ['code'],
  algs: ['RS256', 'ES256'],
  client: { signedUserInfo: true },
  behaviour: { claims: (claims, { place }) => (place === 'userinfo' ? { ...claims, sub: 'another-user' } : claims) },
  expected: refuses('response_invalid', { endpoint: 'userInfo', reason: 'sub' }, 'whole'),
}

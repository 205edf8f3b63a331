import { refuses } from '../expectations.js'
import { accessTokenTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-userinfo-refused',
  profiles: ['Own'],
  provider: 'Refuses the access token with an empty 401 and a WWW-Authenticate header.',
  responseTypes: accessTokenTypes,
  algs: ['HS256'],
  behaviour: {
    userInfo: () => ({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body: '' }),
  },
  expected: refuses('endpoint_error', { endpoint: 'userInfo', error: 'invalid_token', status: 401 }, 'whole'),
}

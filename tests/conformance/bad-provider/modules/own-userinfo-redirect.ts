import { refuses } from '../expectations.js'
import { accessTokenTypes } from '../profiles.js'
import { redirect } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-userinfo-redirect',
  profiles: ['Own'],
  provider: 'Redirects the request for user info to another address.',
  responseTypes: accessTokenTypes,
  algs: ['HS256'],
  behaviour: { userInfo: (_, { issuer }) => redirect(`${issuer}/elsewhere`) },
  expected: refuses('response_invalid', { endpoint: 'userInfo', reason: 'redirect' }, 'whole'),
}

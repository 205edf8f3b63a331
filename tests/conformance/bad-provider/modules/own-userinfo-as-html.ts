import { refuses } from '../expectations.js'
import { accessTokenTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-userinfo-as-html',
  profiles: ['Own'],
  provider: 'Sends the JSON of user info as text/html.',
  responseTypes: accessTokenTypes,
  algs: ['HS256'],
  behaviour: { userInfo: (answer) => ({ ...answer, headers: { 'content-type': 'text/html' } }) },
  expected: refuses('response_invalid', { endpoint: 'userInfo', reason: 'content_type' }, 'whole'),
}

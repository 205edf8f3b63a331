import { refuses } from '../expectations.js'
import { accessTokenTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-userinfo-without-sub',
  profiles: ['Own'],
  provider: 'Answers for user info without `sub`.',
  responseTypes: accessTokenTypes,
  algs: ['HS256'],
  behaviour: { userInfo: (answer) => withMembers(answer, { sub: undefined }) },
  expected: refuses('response_invalid', { endpoint: 'userInfo', reason: 'sub' }, 'whole'),
}

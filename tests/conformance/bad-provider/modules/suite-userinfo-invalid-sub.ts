import { refuses } from '../expectations.js'
import { accessTokenTypes, everySignIn } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-userinfo-invalid-sub',
  profiles: everySignIn,
  provider: 'Answers for user info with another `sub` than that of the ID token.',
  responseTypes: accessTokenTypes,
  behaviour: { userInfo: (answer, { user }) => withMembers(answer, { sub: `${user.sub}invalid` }) },
  expected: refuses('response_invalid', { endpoint: 'userInfo', reason: 'sub' }, 'whole'),
}

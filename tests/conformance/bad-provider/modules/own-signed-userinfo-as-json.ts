import { refuses } from '../expectations.js'
import { json } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-signed-userinfo-as-json',
  profiles: ['Own'],
  provider: 'Gives plain user info though it is registered to be signed.',
  responseTypes: ['code'],
  algs: ['RS256', 'ES256'],
  client: { signedUserInfo: true },
  behaviour: { userInfo: (_, { user }) => json({ sub: user.sub }) },
  expected: refuses('response_invalid', { endpoint: 'userInfo', reason: 'content_type' }, 'whole'),
}

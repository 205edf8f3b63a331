import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-line-break-in-access-token',
  profiles: ['Own'],
  provider: 'Gives an access token with CR LF and a header line in it.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  params: { userInfo: false },
  behaviour: {
    tokenAnswer: (answer) => withMembers(answer, { access_token: 'a\r\nx-injected: 1' }),
    claims: (claims, { place }) => (place === 'token' ? { ...claims, at_hash: undefined } : claims),
  },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'shape' }, 'token'),
}

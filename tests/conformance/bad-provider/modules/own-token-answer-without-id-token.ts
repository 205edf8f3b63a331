import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-answer-without-id-token',
  profiles: ['Own'],
  provider: 'Leaves the ID token out of the token answer though openid is granted.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { id_token: undefined }) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'id_token' }, 'token'),
}

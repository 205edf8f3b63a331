import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-type-missing',
  profiles: ['Own'],
  provider: 'Leaves `token_type` out of the token answer.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { token_type: undefined }) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'token_type' }, 'token'),
}

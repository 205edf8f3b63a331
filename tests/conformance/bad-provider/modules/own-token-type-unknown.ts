import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-type-unknown',
  profiles: ['Own'],
  provider: 'Gives a token of the type `mac`.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { token_type: 'mac' }) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'token_type' }, 'token'),
}

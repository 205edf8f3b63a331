import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-negative-expires-in',
  profiles: ['Own'],
  provider: 'Gives a negative `expires_in`.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { expires_in: -1 }) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'shape' }, 'token'),
}

import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-answer-as-list',
  profiles: ['Own'],
  provider: 'Answers the token request with a JSON list.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => ({ ...answer, body: [answer.body] }) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'shape' }, 'token'),
}

import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-answer-not-json',
  profiles: ['Own'],
  provider: 'Answers the token request with half of the JSON.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => ({ ...answer, body: JSON.stringify(answer.body).slice(0, -9) }) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'json' }, 'token'),
}

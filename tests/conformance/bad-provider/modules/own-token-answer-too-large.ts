import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-answer-too-large',
  profiles: ['Own'],
  provider: 'Answers the token request with more than 1 MiB.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { padding: 'a'.repeat(1_100_000) }) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'too_large' }, 'token'),
}

import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { json } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-error',
  profiles: ['Own'],
  provider: 'Answers the token request with invalid_grant.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: () => json({ error: 'invalid_grant' }, 400) },
  expected: refuses('endpoint_error', { endpoint: 'token', error: 'invalid_grant', status: 400 }, 'token'),
}

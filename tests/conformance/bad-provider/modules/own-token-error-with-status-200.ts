import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { json } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-error-with-status-200',
  profiles: ['Own'],
  provider: 'Answers the token request with an error under status 200.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: () => json({ error: 'invalid_grant' }) },
  expected: refuses('endpoint_error', { endpoint: 'token', error: 'invalid_grant', status: 200 }, 'token'),
}

import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-answer-as-html',
  profiles: ['Own'],
  provider: 'Sends the JSON of the token endpoint as text/html.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => ({ ...answer, headers: { 'content-type': 'text/html' } }) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'content_type' }, 'token'),
}

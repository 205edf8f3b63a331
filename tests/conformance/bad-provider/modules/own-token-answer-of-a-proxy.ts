import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { html } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-answer-of-a-proxy',
  profiles: ['Own'],
  provider: 'Answers the token request with the page of a broken proxy.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: () => html('<h1>Bad gateway</h1>', 502) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'status', status: 502 }, 'token'),
}

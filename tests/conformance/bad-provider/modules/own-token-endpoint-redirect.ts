import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { redirect } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-endpoint-redirect',
  profiles: ['Own'],
  provider: 'Redirects the token request, form and all, to another address (307).',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (_, { run }) => redirect(`${run.issuer}/elsewhere`, 307) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'redirect' }, 'token'),
}

import { refuses } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-access-token-missing',
  profiles: ['Own'],
  provider: 'Leaves the access token out of the token answer.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { access_token: undefined }) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'shape' }, 'token'),
}

import { refuses } from '../expectations.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-dpop-downgrade',
  profiles: ['Own'],
  provider: 'Answers a token request that had a DPoP proof with a Bearer token.',
  responseTypes: ['code'],
  fapi: 'plain',
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { token_type: 'Bearer' }) },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'token_type' }, 'token'),
}

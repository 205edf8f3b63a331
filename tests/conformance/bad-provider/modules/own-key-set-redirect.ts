import { refuses } from '../expectations.js'
import { redirect } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-key-set-redirect',
  profiles: ['Own'],
  provider: 'Redirects from the key set to another address.',
  algs: ['RS256', 'ES256'],
  behaviour: { keysAnswer: (_, { issuer }) => redirect(`${issuer}/elsewhere`) },
  expected: refuses('response_invalid', { endpoint: 'jwks', reason: 'redirect' }, 'signature'),
}

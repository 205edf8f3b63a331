import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-key-set-as-html',
  profiles: ['Own'],
  provider: 'Serves its key set as text/html.',
  algs: ['RS256', 'ES256'],
  behaviour: { keysAnswer: (answer) => ({ ...answer, headers: { 'content-type': 'text/html' } }) },
  expected: refuses('response_invalid', { endpoint: 'jwks', reason: 'content_type' }, 'signature'),
}

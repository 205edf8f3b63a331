import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-key-set-without-keys',
  profiles: ['Own'],
  provider: 'Serves a key set that has no list of keys.',
  algs: ['RS256', 'ES256'],
  behaviour: { keysAnswer: (answer) => ({ ...answer, body: { keys: {} } }) },
  expected: refuses('response_invalid', { endpoint: 'jwks', reason: 'shape' }, 'signature'),
}

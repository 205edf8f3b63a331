import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-metadata-token-endpoint-over-http',
  profiles: ['Own'],
  provider: 'Names a token endpoint that is plain http on another host.',
  responseTypes: ['code'],
  algs: ['HS256'],
  oursAlone: 'the switch for http on loopback is one for http everywhere',
  behaviour: { metadata: (metadata) => ({ ...metadata, token_endpoint: 'http://op.example.com/token' }) },
  expected: refuses('response_invalid', { endpoint: 'discovery', reason: 'shape' }, 'discovery'),
}

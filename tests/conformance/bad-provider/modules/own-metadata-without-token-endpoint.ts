import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-metadata-without-token-endpoint',
  profiles: ['Own'],
  provider: 'Leaves the token endpoint out of its metadata.',
  responseTypes: ['code', 'code token'],
  algs: ['HS256'],
  behaviour: { metadata: (metadata) => ({ ...metadata, token_endpoint: undefined }) },
  expected: refuses('config_invalid', { issues: [{ path: 'endpoints.token' }] }, 'callback'),
}

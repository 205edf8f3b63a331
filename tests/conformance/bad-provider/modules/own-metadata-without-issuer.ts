import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-metadata-without-issuer',
  profiles: ['Own'],
  provider: 'Leaves `issuer` out of its metadata.',
  responseTypes: ['code'],
  algs: ['HS256'],
  behaviour: { metadata: (metadata) => ({ ...metadata, issuer: undefined }) },
  expected: refuses('response_invalid', { endpoint: 'discovery', reason: 'shape' }, 'discovery'),
}

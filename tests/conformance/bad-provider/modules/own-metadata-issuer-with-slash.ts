import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-metadata-issuer-with-slash',
  profiles: ['Own'],
  provider: 'Appends a slash to the `issuer` of its metadata.',
  responseTypes: ['code'],
  algs: ['HS256'],
  behaviour: { metadata: (metadata) => ({ ...metadata, issuer: `${String(metadata.issuer)}/` }) },
  expected: refuses('response_invalid', { endpoint: 'discovery', reason: 'issuer' }, 'discovery'),
}

import { refuses } from '../expectations.js'
import { beginAlone } from '../flows/beginAlone.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-metadata-script-as-endpoint',
  profiles: ['Own'],
  provider: 'Names a `javascript:` address as its authorization endpoint.',
  responseTypes: ['code'],
  algs: ['HS256'],
  flow: beginAlone,
  behaviour: { metadata: (metadata) => ({ ...metadata, authorization_endpoint: 'javascript:alert(1)' }) },
  expected: refuses('response_invalid', { endpoint: 'discovery', reason: 'shape' }, 'discovery'),
}

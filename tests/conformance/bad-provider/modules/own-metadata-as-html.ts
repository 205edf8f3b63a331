import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-metadata-as-html',
  profiles: ['Own'],
  provider: 'Serves its metadata as text/html.',
  responseTypes: ['code'],
  algs: ['HS256'],
  behaviour: { metadataAnswer: (answer) => ({ ...answer, headers: { 'content-type': 'text/html' } }) },
  expected: refuses('response_invalid', { endpoint: 'discovery', reason: 'content_type' }, 'discovery'),
}

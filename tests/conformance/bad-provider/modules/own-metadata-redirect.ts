import { refuses } from '../expectations.js'
import { redirect } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-metadata-redirect',
  profiles: ['Own'],
  provider: 'Redirects from its metadata to another address.',
  responseTypes: ['code'],
  algs: ['HS256'],
  behaviour: { metadataAnswer: (_, { issuer }) => redirect(`${issuer}/elsewhere`) },
  expected: refuses('response_invalid', { endpoint: 'discovery', reason: 'redirect' }, 'discovery'),
}

import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-discovery-issuer-mismatch',
  profiles: ['Config'],
  provider: 'Appends the text INVALID to the `issuer` of its metadata.',
  behaviour: { metadata: (metadata) => ({ ...metadata, issuer: `${String(metadata.issuer)}INVALID` }) },
  expected: refuses('response_invalid', { endpoint: 'discovery', reason: 'issuer' }, 'discovery'),
}

import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-discovery-jwks-uri-keys',
  profiles: ['Config'],
  provider: 'Serves its keys at an address that is another one in each run.',
  algs: ['RS256', 'ES256'],
  behaviour: { moved: ['jwks_uri'] },
  expected: accepted(),
}

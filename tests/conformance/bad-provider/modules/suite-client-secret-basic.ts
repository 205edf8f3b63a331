import { accepted } from '../expectations.js'
import { withCode } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-client-secret-basic',
  profiles: withCode,
  provider: 'Insists on HTTP Basic at the token endpoint, id and secret form-encoded.',
  client: { authMethod: 'client_secret_basic' },
  behaviour: {},
  expected: accepted(),
}

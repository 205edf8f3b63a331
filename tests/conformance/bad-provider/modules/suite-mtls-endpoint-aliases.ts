import { accepted } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-mtls-endpoint-aliases',
  profiles: ['Comprehensive'],
  provider:
    'Takes token requests at the address that its metadata name for mutual TLS only; the certificate itself is not looked at here.',
  responseTypes: codeTypes,
  // Such a client has no secret.
  algs: ['RS256', 'ES256'],
  client: { authMethod: 'tls_client_auth' },
  behaviour: {},
  expected: accepted(),
}

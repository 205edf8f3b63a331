import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-discovery-openid-config',
  profiles: ['Config'],
  provider: 'Serves its metadata, with every endpoint at an address that cannot be guessed.',
  behaviour: {
    moved: ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri', 'end_session_endpoint'],
  },
  expected: accepted(),
}

import { accepted } from '../expectations.js'
import { accessTokenTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-userinfo-signed',
  profiles: ['Comprehensive'],
  provider: 'Gives user info as a signed JWT, as the client is registered.',
  responseTypes: accessTokenTypes,
  algs: ['RS256', 'ES256'],
  client: { signedUserInfo: true },
  behaviour: {},
  expected: accepted(),
}

import { accepted } from '../expectations.js'
import { accessTokenTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-userinfo-bearer-header',
  profiles: ['Comprehensive'],
  provider: 'Takes the access token for user info in the Authorization header only.',
  responseTypes: accessTokenTypes,
  // What the provider demands of every request for user info.
  behaviour: {},
  expected: accepted(),
}

import { accepted } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-idtoken-sig-rs256',
  profiles: everySignIn,
  provider: 'Signs the ID token with RS256.',
  algs: ['RS256'],
  behaviour: {},
  expected: accepted(),
}

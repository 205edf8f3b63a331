import { accepted } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test',
  profiles: everySignIn,
  provider:
    'Behaves well, and checks every request strictly: scope, redirect URI, PKCE, client authentication, where tokens travel.',
  behaviour: {},
  expected: accepted(),
}

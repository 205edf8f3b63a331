import { accepted } from '../expectations.js'
import { signOut } from '../flows/signOut.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-init-logout',
  profiles: ['RP-initiated logout'],
  provider: 'Checks `id_token_hint` and `post_logout_redirect_uri`, and sends the browser back with the state.',
  flow: signOut,
  behaviour: {},
  expected: accepted('logout'),
}

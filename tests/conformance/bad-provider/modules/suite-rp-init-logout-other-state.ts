import { refuses } from '../expectations.js'
import { signOut } from '../flows/signOut.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-init-logout-other-state',
  profiles: ['RP-initiated logout'],
  provider: 'Sends the browser back from the logout with another state.',
  flow: signOut,
  behaviour: { afterLogout: () => new URLSearchParams({ state: 'another-state' }) },
  expected: refuses('callback_invalid', { reason: 'state' }, 'logout'),
}

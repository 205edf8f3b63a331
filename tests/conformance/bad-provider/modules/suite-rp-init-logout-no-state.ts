import { refuses } from '../expectations.js'
import { signOut } from '../flows/signOut.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-rp-init-logout-no-state',
  profiles: ['RP-initiated logout'],
  provider: 'Sends the browser back from the logout without the state.',
  flow: signOut,
  behaviour: { afterLogout: () => new URLSearchParams() },
  expected: refuses('callback_invalid', { reason: 'place' }, 'logout'),
}

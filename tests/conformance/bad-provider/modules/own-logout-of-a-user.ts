import { accepted } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-of-a-user',
  profiles: ['Own'],
  provider: 'Sends a logout token with `sub` alone: all sessions of the user end.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: { claims: (claims, { place }) => (place === 'logout' ? { ...claims, sid: undefined } : claims) },
  expected: accepted('logout'),
}

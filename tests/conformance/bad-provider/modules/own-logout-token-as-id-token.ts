import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-as-id-token',
  profiles: ['Own'],
  provider: 'Adds the logout event to the ID token.',
  behaviour: {
    claims: (claims) => ({ ...claims, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
  },
  expected: refusesClaims('purpose'),
}

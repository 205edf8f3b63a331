import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-access-token-as-id-token',
  profiles: ['Own'],
  provider: 'Gives a token with `scope` and `client_id` as the ID token.',
  behaviour: { claims: (claims) => ({ ...claims, scope: 'openid', client_id: claims.aud }) },
  expected: refusesClaims('purpose'),
}

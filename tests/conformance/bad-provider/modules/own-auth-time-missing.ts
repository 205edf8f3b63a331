import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-auth-time-missing',
  profiles: ['Own'],
  provider: 'Leaves `auth_time` out though `max_age` was asked for.',
  params: { maxAge: 60 },
  behaviour: { claims: (claims) => ({ ...claims, auth_time: undefined }) },
  expected: refusesClaims('auth_time'),
}

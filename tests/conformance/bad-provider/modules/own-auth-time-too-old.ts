import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-auth-time-too-old',
  profiles: ['Own'],
  provider: 'Signed the user in an hour ago though `max_age` is a minute.',
  params: { maxAge: 60 },
  behaviour: { claims: (claims) => ({ ...claims, auth_time: Number(claims.auth_time) - 3600 }) },
  expected: refusesClaims('auth_time'),
}

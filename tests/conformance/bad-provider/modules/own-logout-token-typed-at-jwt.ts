import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-typed-at-jwt',
  profiles: ['Own'],
  provider: 'Types the logout token `at+jwt`.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: { header: (header, { place }) => (place === 'logout' ? { ...header, typ: 'at+jwt' } : header) },
  expected: refuses('token_invalid', { check: 'typ' }, 'logout'),
}

import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-typ-of-access-token',
  profiles: ['Own'],
  provider: 'Types the ID token `at+jwt`.',
  behaviour: { header: (header) => ({ ...header, typ: 'at+jwt' }) },
  expected: refusesClaims('typ'),
}

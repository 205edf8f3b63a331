import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-typ-of-logout-token',
  profiles: ['Own'],
  provider: 'Types the ID token `logout+jwt`.',
  behaviour: { header: (header) => ({ ...header, typ: 'logout+jwt' }) },
  expected: refusesClaims('typ'),
}

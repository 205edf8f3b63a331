import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-critical-header',
  profiles: ['Own'],
  provider: 'Adds a critical header that nobody knows.',
  behaviour: { header: (header) => ({ ...header, crit: ['x-unknown'], 'x-unknown': true }) },
  expected: refusesClaims('header'),
}

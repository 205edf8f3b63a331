import { refusesCallback } from '../expectations.js'
import { lateCallback } from '../flows/lateCallback.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-expired-transaction',
  profiles: ['Own'],
  provider: 'Behaves well, but the user comes back after eleven minutes.',
  algs: ['HS256'],
  flow: lateCallback,
  oursAlone: 'it keeps no transactions',
  behaviour: {},
  expected: refusesCallback('expired'),
}

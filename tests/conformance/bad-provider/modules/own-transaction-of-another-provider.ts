import { refusesCallback } from '../expectations.js'
import { foreignTransaction } from '../flows/foreignTransaction.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-transaction-of-another-provider',
  profiles: ['Own'],
  provider: 'Behaves well, but the sign-in was begun with another provider.',
  algs: ['HS256'],
  flow: foreignTransaction,
  oursAlone: 'it keeps no transactions',
  behaviour: {},
  expected: refusesCallback('mix_up'),
}

import { refuses } from '../expectations.js'
import { replayedCallback } from '../flows/replayedCallback.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-replayed-callback',
  profiles: ['Own'],
  provider: 'Behaves well, but its callback is delivered twice.',
  algs: ['HS256'],
  flow: replayedCallback,
  oursAlone: 'it keeps no transactions',
  behaviour: {},
  expected: refuses('callback_invalid', { reason: 'transaction' }, 'whole'),
}

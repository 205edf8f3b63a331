import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-unknown-callback-parameters',
  profiles: ['Own'],
  provider: 'Adds parameters to the callback that nobody knows.',
  algs: ['HS256'],
  behaviour: {
    callback: (params) => {
      params.set('session_state', 'a.b')
      params.set('unknown', 'x')
      return params
    },
  },
  expected: accepted(),
}

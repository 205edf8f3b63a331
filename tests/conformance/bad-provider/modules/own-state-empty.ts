import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-state-empty',
  profiles: ['Own'],
  provider: 'Sends the callback with an empty state.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.set('state', '')
      return params
    },
  },
  expected: refusesCallback('state'),
}

import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-state-missing',
  profiles: ['Own'],
  provider: 'Sends the callback without a state.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.delete('state')
      return params
    },
  },
  expected: refusesCallback('state'),
}

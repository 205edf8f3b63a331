import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-state-wrong',
  profiles: ['Own'],
  provider: 'Sends the callback with another state.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.set('state', `${params.get('state') ?? ''}1`)
      return params
    },
  },
  expected: refusesCallback('state'),
}

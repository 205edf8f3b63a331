import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-state-twice',
  profiles: ['Own'],
  provider: 'Sends the state twice.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.append('state', params.get('state') ?? '')
      return params
    },
  },
  expected: refusesCallback('duplicate'),
}

import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-id-token-unasked',
  profiles: ['Own'],
  provider: 'Answers a request for a code with an ID token beside it.',
  responseTypes: ['code', 'code token'],
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.set('id_token', 'e30.e30.')
      return params
    },
  },
  expected: refusesCallback('unexpected'),
}

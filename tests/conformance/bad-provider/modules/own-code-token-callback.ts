import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-code-token-callback',
  profiles: ['Own'],
  provider: 'Answers a request for a code with an access token beside it.',
  responseTypes: ['code', 'code id_token'],
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.set('access_token', 'injected')
      params.set('token_type', 'Bearer')
      return params
    },
  },
  expected: refusesCallback('unexpected'),
}

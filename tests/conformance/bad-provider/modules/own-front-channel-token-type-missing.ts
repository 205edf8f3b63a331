import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-front-channel-token-type-missing',
  profiles: ['Own'],
  provider: 'Leaves `token_type` out beside the access token of the front channel.',
  responseTypes: ['id_token token', 'code token', 'code id_token token'],
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.delete('token_type')
      return params
    },
  },
  expected: refusesCallback('missing'),
}

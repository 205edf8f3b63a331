import { refusesCallback } from '../expectations.js'
import { frontIdToken } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-id-token-twice',
  profiles: ['Own'],
  provider: 'Sends the ID token twice.',
  responseTypes: frontIdToken,
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.append('id_token', params.get('id_token') ?? '')
      return params
    },
  },
  expected: refusesCallback('duplicate'),
}

import { refusesCallback } from '../expectations.js'
import { frontIdToken } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-id-token-missing',
  profiles: ['Own'],
  provider: 'Leaves the ID token out of the callback.',
  responseTypes: frontIdToken,
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.delete('id_token')
      return params
    },
  },
  expected: refusesCallback('missing'),
}

import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-iss-wrong',
  profiles: ['Own'],
  provider: 'Names another issuer in the callback.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.set('iss', 'https://other.example.com')
      return params
    },
  },
  expected: refusesCallback('iss'),
}

import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-iss-twice',
  profiles: ['Own'],
  provider: 'Sends its own issuer and another one.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params, { issuer }) => {
      params.append('iss', issuer)
      params.append('iss', 'https://other.example.com')
      return params
    },
  },
  expected: refusesCallback('duplicate'),
}

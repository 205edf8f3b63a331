import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-iss-wrong-in-error',
  profiles: ['Own'],
  provider: 'Names another issuer in the callback of an error.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) =>
      new URLSearchParams({
        error: 'access_denied',
        iss: 'https://other.example.com',
        state: params.get('state') ?? '',
      }),
  },
  expected: refusesCallback('iss'),
}

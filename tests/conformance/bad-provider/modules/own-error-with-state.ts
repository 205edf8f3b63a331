import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-error-with-state',
  profiles: ['Own'],
  provider: 'Says that the user has refused.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) =>
      new URLSearchParams({ error: 'access_denied', error_description: 'no', state: params.get('state') ?? '' }),
  },
  expected: refuses('authorization_error', { error: 'access_denied', errorDescription: 'no' }, 'callback'),
}

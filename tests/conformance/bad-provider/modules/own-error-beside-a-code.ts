import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-error-beside-a-code',
  profiles: ['Own'],
  provider: 'Sends an error and a code in one callback.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.set('error', 'access_denied')
      return params
    },
  },
  expected: refuses('authorization_error', { error: 'access_denied' }, 'callback'),
}

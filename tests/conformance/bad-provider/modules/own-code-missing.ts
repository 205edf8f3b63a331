import { refusesCallback } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-code-missing',
  profiles: ['Own'],
  provider: 'Leaves the code out of the callback.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.delete('code')
      return params
    },
  },
  expected: refusesCallback('missing'),
}

import { refusesCallback } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-code-twice',
  profiles: ['Own'],
  provider: 'Sends two codes.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    callback: (params) => {
      params.append('code', 'another-code')
      return params
    },
  },
  expected: refusesCallback('duplicate'),
}

import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-iss-missing-where-promised',
  profiles: ['Own'],
  provider: 'Promises `iss` in its metadata and leaves it out of the callback.',
  responseTypes: ['code', 'code token'],
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: { metadata: (metadata) => ({ ...metadata, authorization_response_iss_parameter_supported: true }) },
  expected: refusesCallback('iss'),
}

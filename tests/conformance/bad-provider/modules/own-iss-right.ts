import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-iss-right',
  profiles: ['Own'],
  provider: 'Promises `iss` in its metadata and sends it.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: {
    metadata: (metadata) => ({ ...metadata, authorization_response_iss_parameter_supported: true }),
    callback: (params, { issuer }) => {
      params.set('iss', issuer)
      return params
    },
  },
  expected: accepted(),
}

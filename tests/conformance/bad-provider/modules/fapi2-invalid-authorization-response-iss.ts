import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-invalid-authorization-response-iss',
  profiles: ['FAPI 2'],
  provider: 'Names another issuer in the callback.',
  behaviour: {
    callback: (params) => {
      params.set('iss', 'https://other.example.com')
      return params
    },
  },
  expected: refusesCallback('iss'),
}

import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails',
  profiles: ['FAPI 2'],
  provider: 'Sends the callback with another state.',
  behaviour: {
    callback: (params) => {
      params.set('state', 'another-state')
      return params
    },
  },
  expected: refusesCallback('state'),
}

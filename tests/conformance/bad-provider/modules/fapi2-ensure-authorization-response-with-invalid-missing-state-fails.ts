import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-missing-state-fails',
  profiles: ['FAPI 2'],
  provider: 'Sends the callback without a state.',
  behaviour: {
    callback: (params) => {
      params.delete('state')
      return params
    },
  },
  expected: refusesCallback('state'),
}

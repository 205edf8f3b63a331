import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-remove-authorization-response-iss',
  profiles: ['FAPI 2'],
  provider: 'Leaves `iss` out of the callback.',
  behaviour: {
    callback: (params) => {
      params.delete('iss')
      return params
    },
  },
  expected: refusesCallback('iss'),
}

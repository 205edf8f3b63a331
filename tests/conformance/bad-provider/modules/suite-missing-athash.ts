import { refusesClaims } from '../expectations.js'
import { withFrontChannel } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-missing-athash',
  profiles: withFrontChannel,
  provider: 'Leaves `at_hash` out of the ID token beside the access token.',
  responseTypes: ['id_token token', 'code id_token token'],
  behaviour: { claims: (claims) => ({ ...claims, at_hash: undefined }) },
  expected: refusesClaims('at_hash'),
}

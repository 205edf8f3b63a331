import { refusesClaims } from '../expectations.js'
import { withFrontChannel } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-invalid-athash',
  profiles: withFrontChannel,
  provider: 'Appends the digit 1 to `at_hash` of the ID token beside the access token.',
  responseTypes: ['id_token token', 'code id_token token'],
  behaviour: { claims: (claims) => ({ ...claims, at_hash: `${String(claims.at_hash)}1` }) },
  expected: refusesClaims('at_hash'),
}

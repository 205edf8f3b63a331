import { refusesClaims } from '../expectations.js'
import { hybridAlone } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-invalid-chash',
  profiles: hybridAlone,
  provider: 'Appends the digit 1 to `c_hash` of the ID token beside the code.',
  responseTypes: ['code id_token', 'code id_token token'],
  behaviour: { claims: (claims) => ({ ...claims, c_hash: `${String(claims.c_hash)}1` }) },
  expected: refusesClaims('c_hash'),
}

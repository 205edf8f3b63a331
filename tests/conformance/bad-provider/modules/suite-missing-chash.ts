import { refusesClaims } from '../expectations.js'
import { hybridAlone } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-missing-chash',
  profiles: hybridAlone,
  provider: 'Leaves `c_hash` out of the ID token beside the code.',
  responseTypes: ['code id_token', 'code id_token token'],
  behaviour: { claims: (claims) => ({ ...claims, c_hash: undefined }) },
  expected: refusesClaims('c_hash'),
}

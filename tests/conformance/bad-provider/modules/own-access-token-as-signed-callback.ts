import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-access-token-as-signed-callback',
  profiles: ['Own'],
  provider: 'Types the signed callback `at+jwt`.',
  responseTypes: ['code'],
  fapi: 'signed',
  behaviour: { header: (header, { place }) => (place === 'response' ? { ...header, typ: 'at+jwt' } : header) },
  expected: refusesClaims('typ'),
}

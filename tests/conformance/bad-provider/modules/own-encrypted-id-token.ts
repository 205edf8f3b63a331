import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-encrypted-id-token',
  profiles: ['Own'],
  provider: 'Gives an ID token of five parts, as if it were encrypted.',
  behaviour: { jwt: (jwt) => `${jwt}.AAAA.AAAA` },
  expected: refusesClaims('format'),
}

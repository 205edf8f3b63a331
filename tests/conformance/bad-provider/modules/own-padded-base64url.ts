import { refusesClaims } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-padded-base64url',
  profiles: ['Own'],
  provider: 'Pads the base64url of the ID token.',
  behaviour: { jwt: (jwt) => `${jwt}=` },
  expected: refusesClaims('format'),
}

import { refusesSignature } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-stripped-signature',
  profiles: ['Own'],
  provider: 'Signs the ID token and cuts the signature off.',
  behaviour: { jwt: (jwt) => jwt.slice(0, jwt.lastIndexOf('.') + 1) },
  expected: refusesSignature('signature'),
}

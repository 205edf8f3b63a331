import { refusesSignature } from '../expectations.js'
import { hmac } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-forged-hs256',
  profiles: ['Own'],
  provider: 'Signs with HS256 and a secret that is not the client secret.',
  algs: ['HS256'],
  behaviour: { signer: () => hmac('a-secret-that-an-attacker-has-chosen-for-this') },
  expected: refusesSignature('signature'),
}

import { refuses } from '../expectations.js'
import { corruptSignature } from '../provider/corruptSignature.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-second-id-token-forged',
  profiles: ['Own'],
  provider: 'Signs the ID token of the front channel, and corrupts that of the token endpoint.',
  responseTypes: ['code id_token', 'code id_token token'],
  behaviour: { jwt: (jwt, issue) => (issue.place === 'token' ? corruptSignature(jwt) : jwt) },
  expected: refuses('token_invalid', { check: 'signature' }, 'second signature'),
}

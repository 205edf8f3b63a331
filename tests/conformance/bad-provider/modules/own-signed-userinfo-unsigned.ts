import { refuses } from '../expectations.js'
import { unsigned } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-signed-userinfo-unsigned',
  profiles: ['Own'],
  provider: 'Gives user info with `alg: none` though it is registered to be signed.',
  responseTypes: ['code'],
  algs: ['RS256', 'ES256'],
  client: { signedUserInfo: true },
  behaviour: { signer: (signer, { place }) => (place === 'userinfo' ? unsigned() : signer) },
  expected: refuses('token_invalid', { check: 'alg' }, 'whole'),
}

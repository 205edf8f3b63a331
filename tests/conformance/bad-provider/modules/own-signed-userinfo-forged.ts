import { refuses } from '../expectations.js'
import { corruptSignature } from '../provider/corruptSignature.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-signed-userinfo-forged',
  profiles: ['Own'],
  provider: 'Corrupts the signature of user info that is registered to be signed.',
  responseTypes: ['code'],
  algs: ['RS256', 'ES256'],
  client: { signedUserInfo: true },
  behaviour: { jwt: (jwt, { place }) => (place === 'userinfo' ? corruptSignature(jwt) : jwt) },
  expected: refuses('token_invalid', { check: 'signature' }, 'whole'),
}

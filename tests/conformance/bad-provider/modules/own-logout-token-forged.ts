import { refuses } from '../expectations.js'
import { backchannelLogout } from '../flows/backchannelLogout.js'
import { corruptSignature } from '../provider/corruptSignature.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-logout-token-forged',
  profiles: ['Own'],
  provider: 'Corrupts the signature of the logout token.',
  responseTypes: ['code'],
  flow: backchannelLogout,
  behaviour: { jwt: (jwt, issue) => (issue.place === 'logout' ? corruptSignature(jwt) : jwt) },
  expected: refuses('token_invalid', { check: 'signature' }, 'logout'),
}

import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refuses } from '../expectations.js'
import { corruptSignature } from '../provider/corruptSignature.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-forged',
  profiles: ['Own'],
  provider: 'Corrupts the signature of the refreshed ID token.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: { jwt: (jwt, issue) => (issue.place === 'refresh' ? corruptSignature(jwt) : jwt) },
  expected: refuses('token_invalid', { check: 'signature' }, 'refresh'),
}

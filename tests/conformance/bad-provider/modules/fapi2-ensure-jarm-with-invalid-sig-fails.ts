import { refusesSignature } from '../expectations.js'
import { corruptSignature } from '../provider/corruptSignature.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-ensure-jarm-with-invalid-sig-fails',
  profiles: ['FAPI 2, message signing'],
  provider: 'Corrupts the signature of the callback.',
  behaviour: { jwt: (jwt, { place }) => (place === 'response' ? corruptSignature(jwt) : jwt) },
  expected: refusesSignature('signature'),
}

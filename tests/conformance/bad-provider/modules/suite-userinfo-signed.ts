import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-userinfo-signed',
  profiles: ['Comprehensive'],
  provider: 'Gives user info as a signed JWT.',
  reason:
    'Signed user info is left out of the sign-in functions; what comes unasked is refused: see own-userinfo-as-jwt.',
}

import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-request-uri-signed-rs256',
  profiles: ['Comprehensive'],
  provider: 'Takes a signed request object by reference only.',
  reason: 'Request objects are left out of the sign-in functions.',
}

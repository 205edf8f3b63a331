import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-request-uri-signed-none',
  profiles: ['Comprehensive'],
  provider: 'Takes an unsigned request object by reference only.',
  reason: 'Request objects are left out; RFC 9101 has no unsigned ones.',
}

import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-request-uri-signed-none',
  profiles: ['Comprehensive'],
  provider: 'Takes an unsigned request object by reference only.',
  reason: 'A request is signed or has no request object: RFC 9101 gives an unsigned one no worth.',
}

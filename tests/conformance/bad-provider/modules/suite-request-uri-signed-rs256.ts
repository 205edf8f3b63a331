import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-request-uri-signed-rs256',
  profiles: ['Comprehensive'],
  provider: 'Takes a signed request object by reference only.',
  reason:
    'A signed request is sent by value or pushed (`signRequestObject`, `pushAuthorizationRequest`); none is published for the provider to fetch.',
}

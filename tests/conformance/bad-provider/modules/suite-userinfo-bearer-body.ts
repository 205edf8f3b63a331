import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-userinfo-bearer-body',
  profiles: ['Comprehensive'],
  provider: 'Takes the access token for user info in a form only.',
  reason:
    'A token travels in the Authorization header, the one way that every server has to take (RFC 6750 section 2.1).',
}

import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-discovery-webfinger-url',
  profiles: ['Comprehensive'],
  provider: 'Is found by WebFinger only, from a URL.',
  reason: 'The application names its issuer; no input of a user does (WebFinger is left out).',
}

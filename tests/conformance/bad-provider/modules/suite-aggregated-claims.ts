import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-aggregated-claims',
  profiles: ['Comprehensive'],
  provider: 'Gives claims in a nested JWT of another issuer.',
  reason:
    'The JWT of a claims source is handed on as it came: an issuer that nobody has configured vouches for nothing.',
}

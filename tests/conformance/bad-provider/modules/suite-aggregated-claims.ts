import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-aggregated-claims',
  profiles: ['Comprehensive'],
  provider: 'Gives claims in a nested JWT of another issuer.',
  reason: 'Aggregated claims are handed on as they are and never read as the claims of the user.',
}

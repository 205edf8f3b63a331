import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-distributed-claims',
  profiles: ['Comprehensive'],
  provider: 'Points to another server for a claim.',
  reason: 'Claims are never fetched from an address that an answer names: see own-distributed-claims.',
}

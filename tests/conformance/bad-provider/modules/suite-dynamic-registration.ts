import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-dynamic-registration',
  profiles: ['Comprehensive'],
  provider: 'Registers the client when it asks.',
  reason: 'The application is registered beforehand.',
}

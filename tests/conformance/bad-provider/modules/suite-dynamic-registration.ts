import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-dynamic-registration',
  profiles: ['Comprehensive'],
  provider: 'Knows no client: each has to register, with metadata that fit what it does then.',
  client: { dynamic: true },
  behaviour: {},
  expected: accepted(),
}

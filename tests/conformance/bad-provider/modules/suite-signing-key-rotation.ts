import { accepted } from '../expectations.js'
import { twoSignIns } from '../flows/twoSignIns.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-signing-key-rotation',
  profiles: ['Config'],
  provider: 'Rotates all its keys after the first ID token.',
  algs: ['RS256', 'ES256'],
  flow: twoSignIns,
  behaviour: {
    beforeAuthorization: (run) => {
      if (run.idTokens.size > 0) run.generation = 1
    },
  },
  expected: accepted('whole', (whole) => [...whole, ...whole]),
}

import { accepted } from '../expectations.js'
import { twoSignIns } from '../flows/twoSignIns.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-signing-key-rotation-just-before-signing',
  profiles: ['Config'],
  provider: 'Rotates all its keys between the fetch of the key set and the signing of the ID token.',
  algs: ['RS256', 'ES256'],
  flow: twoSignIns,
  behaviour: {
    beforeSigning: (run) => {
      if (run.log.includes('jwks') || run.log.includes('userinfo')) run.generation = 1
    },
  },
  expected: accepted('whole', (whole) => [...whole, ...whole]),
}

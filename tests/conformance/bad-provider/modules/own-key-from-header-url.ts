import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-key-from-header-url',
  profiles: ['Own'],
  provider: 'Names an address for its keys in the header of the ID token.',
  behaviour: {
    header: (header, { run }) => ({
      ...header,
      jku: `${run.issuer}/keys-of-an-attacker`,
      x5u: `${run.issuer}/certificate-of-an-attacker`,
    }),
  },
  expected: accepted(),
}

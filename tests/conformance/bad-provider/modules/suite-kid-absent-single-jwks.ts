import { accepted } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-kid-absent-single-jwks',
  profiles: everySignIn,
  provider: 'Signs without `kid`; the key set has one key that fits, without `kid` too.',
  algs: ['RS256', 'ES256'],
  behaviour: {
    signer: (signer) => ({ ...signer, kid: undefined }),
    keys: (keys) => keys.map((key) => ({ ...key, kid: undefined })),
  },
  expected: accepted(),
}

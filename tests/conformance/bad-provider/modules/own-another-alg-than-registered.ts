import { refusesClaims } from '../expectations.js'
import { signerFor } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-another-alg-than-registered',
  profiles: ['Own'],
  provider: 'Signs rightly, but with another algorithm than the registered one.',
  behaviour: {
    signer: async (signer, { run: { client } }) =>
      signerFor(signer.alg === 'RS256' ? 'HS256' : 'RS256', client.secret, 0),
  },
  expected: refusesClaims('alg'),
}

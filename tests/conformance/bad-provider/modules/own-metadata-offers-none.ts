import { refusesClaims } from '../expectations.js'
import { unsigned } from '../provider/signers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-metadata-offers-none',
  profiles: ['Own'],
  provider: 'Offers `none` in its metadata and gives ID tokens with `alg: none`.',
  behaviour: {
    metadata: (metadata) => ({
      ...metadata,
      id_token_signing_alg_values_supported: ['none', 'HS256', 'RS256', 'ES256'],
    }),
    signer: () => unsigned(),
  },
  expected: refusesClaims('alg'),
}

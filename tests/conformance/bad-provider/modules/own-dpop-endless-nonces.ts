import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-dpop-endless-nonces',
  profiles: ['Own'],
  provider: 'Asks for another DPoP nonce each time.',
  responseTypes: ['code'],
  fapi: 'plain',
  behaviour: { dpopNonce: 'never' },
  expected: refuses('endpoint_error', { endpoint: 'token', error: 'use_dpop_nonce' }, 'token'),
}

import { refuses } from '../expectations.js'
import { flood } from '../flows/flood.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-unknown-kid-flood',
  profiles: ['Own'],
  provider: 'Signs twenty ID tokens in a row under a `kid` that nobody has, after a good one.',
  responseTypes: ['id_token'],
  algs: ['RS256', 'ES256'],
  flow: flood,
  behaviour: {
    header: (header, { run, place }) =>
      run.idTokens.size > 0 && (place === 'token' || place === 'authorization')
        ? { ...header, kid: `unknown-${run.idTokens.size}` }
        : header,
  },
  expected: refuses('token_invalid', { check: 'key' }, 'signature', () => ['jwks', 'jwks']),
}

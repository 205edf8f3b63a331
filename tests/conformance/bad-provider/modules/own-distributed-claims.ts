import { accepted } from '../expectations.js'
import { accessTokenTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-distributed-claims',
  profiles: ['Own'],
  provider: 'Points to an address of its own choice for a claim.',
  responseTypes: accessTokenTypes,
  algs: ['HS256'],
  behaviour: {
    userInfo: (answer, { issuer }) =>
      withMembers(answer, {
        _claim_names: { credit_score: 'a' },
        _claim_sources: { a: { endpoint: `${issuer}/claims`, access_token: 'a-token' } },
      }),
  },
  expected: accepted(),
}

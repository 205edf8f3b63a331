import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refuses } from '../expectations.js'
import { json } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-token-dead',
  profiles: ['Own'],
  provider: 'Answers a refresh with invalid_grant.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: {
    tokenAnswer: (answer, { place }) => (place === 'refresh' ? json({ error: 'invalid_grant' }, 400) : answer),
  },
  expected: refuses('endpoint_error', { endpoint: 'token', error: 'invalid_grant' }, 'refresh'),
}

import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { refuses } from '../expectations.js'
import { redirect } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-redirect',
  profiles: ['Own'],
  provider: 'Redirects the refresh to another address.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: {
    tokenAnswer: (answer, { run, place }) => (place === 'refresh' ? redirect(`${run.issuer}/elsewhere`, 307) : answer),
  },
  expected: refuses('response_invalid', { endpoint: 'token', reason: 'redirect' }, 'refresh'),
}

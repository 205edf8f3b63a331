import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { accepted } from '../expectations.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-without-refresh-token',
  profiles: ['Own'],
  provider: 'Answers a refresh without a new refresh token.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: {
    tokenAnswer: (answer, { place }) =>
      place === 'refresh' ? withMembers(answer, { refresh_token: undefined }) : answer,
  },
  expected: accepted('refreshed'),
  accepted: (signedIn) => {
    if (!signedIn?.refreshToken) throw new Error('The refresh token is not kept')
  },
}

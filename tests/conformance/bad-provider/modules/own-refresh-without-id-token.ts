import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { accepted } from '../expectations.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-refresh-without-id-token',
  profiles: ['Own'],
  provider: 'Answers a refresh without an ID token.',
  responseTypes: ['code'],
  flow: signInAndRefresh,
  behaviour: {
    tokenAnswer: (answer, { place }) => (place === 'refresh' ? withMembers(answer, { id_token: undefined }) : answer),
  },
  expected: accepted('refreshed'),
  accepted: (signedIn, { idTokens }) => {
    if (signedIn?.idToken !== [...idTokens][0]) throw new Error('The first ID token is not kept')
  },
}

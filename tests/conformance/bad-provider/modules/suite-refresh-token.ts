import { signInAndRefresh } from '../flows/signInAndRefresh.js'
import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-refresh-token',
  profiles: ['Refresh'],
  provider: 'Answers a refresh with a new access token, a new ID token and a new refresh token.',
  flow: signInAndRefresh,
  behaviour: {},
  expected: accepted('refreshed'),
  accepted: (signedIn, { accessTokens, refreshTokens }) => {
    // The newest of each.
    if (signedIn?.accessToken !== [...accessTokens].pop()) throw new Error('The access token is an old one')
    if (!refreshTokens.has(signedIn?.refreshToken ?? '')) throw new Error('The refresh token is an old one')
  },
}

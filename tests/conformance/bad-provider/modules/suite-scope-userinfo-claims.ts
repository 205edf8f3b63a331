import { accepted } from '../expectations.js'
import { everySignIn } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-scope-userinfo-claims',
  profiles: everySignIn,
  provider:
    'Demands one of the scopes profile, email, phone, address, and gives the claims by user info, or in the ID token where no access token comes.',
  behaviour: {
    demands: (params, demand) => {
      const scopes = (params.get('scope') ?? '').split(' ')
      demand(
        scopes.some((scope) => ['profile', 'email', 'phone', 'address'].includes(scope)),
        'a scope for claims is asked for',
      )
    },
  },
  expected: accepted(),
  accepted: (signedIn, { user }) => {
    if ((signedIn?.userInfo ?? signedIn?.claims)?.email !== user.email) throw new Error('The claims are missing')
  },
}

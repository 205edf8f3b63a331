import { accepted } from '../expectations.js'
import { thirdPartyLogin } from '../flows/thirdPartyLogin.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-3rd-party-init-login',
  profiles: ['Third-party-initiated login'],
  provider:
    'Sends the browser to the address where the application lets others begin a sign-in, with `iss` and `login_hint`.',
  flow: thirdPartyLogin,
  behaviour: {
    demands: (params, demand) => {
      demand(params.get('login_hint') === 'alice', 'login_hint is handed on')
    },
  },
  expected: accepted(),
}

import { accepted } from '../expectations.js'
import { withFrontChannel } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-nonce-unless-code-flow',
  profiles: withFrontChannel,
  provider: 'Refuses a request without `nonce` for every response type but code.',
  behaviour: {
    demands: (params, demand) => {
      demand(params.get('response_type') === 'code' || (params.get('nonce') ?? '') !== '', 'there is a nonce')
    },
  },
  expected: accepted(),
}

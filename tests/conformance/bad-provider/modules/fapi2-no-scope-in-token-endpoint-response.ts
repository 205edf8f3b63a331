import { accepted } from '../expectations.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-no-scope-in-token-endpoint-response',
  profiles: ['FAPI 2'],
  provider: 'Leaves `scope` out of the token answer.',
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { scope: undefined }) },
  expected: accepted(),
}

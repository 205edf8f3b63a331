import { accepted } from '../expectations.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in',
  profiles: ['FAPI 2'],
  provider: 'Leaves `expires_in` out of the token answer.',
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { expires_in: undefined }) },
  expected: accepted(),
}

import { accepted } from '../expectations.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'fapi2-security-profile-final-client-test-token-type-case-insensitivity',
  profiles: ['FAPI 2'],
  provider: 'Writes `token_type` in odd case.',
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { token_type: 'dPoP' }) },
  expected: accepted(),
}

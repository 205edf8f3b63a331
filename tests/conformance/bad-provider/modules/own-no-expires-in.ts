import { accepted } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-no-expires-in',
  profiles: ['Own'],
  provider: 'Leaves `expires_in` out of the token answer.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { expires_in: undefined }) },
  expected: accepted(),
}

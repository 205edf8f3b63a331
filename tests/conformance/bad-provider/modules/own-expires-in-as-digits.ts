import { accepted } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-expires-in-as-digits',
  profiles: ['Own'],
  provider: 'Gives `expires_in` as a text of digits.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { expires_in: '300' }) },
  expected: accepted(),
}

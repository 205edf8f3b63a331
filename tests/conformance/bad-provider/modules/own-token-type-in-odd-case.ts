import { accepted } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-token-type-in-odd-case',
  profiles: ['Own'],
  provider: 'Writes `token_type` as bEARER.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { token_type: 'bEARER' }) },
  expected: accepted(),
}

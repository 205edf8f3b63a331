import { accepted } from '../expectations.js'
import { codeTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-unknown-members',
  profiles: ['Own'],
  provider: 'Adds members to the token answer that nobody knows.',
  responseTypes: codeTypes,
  algs: ['HS256'],
  behaviour: { tokenAnswer: (answer) => withMembers(answer, { unknown: { nested: [1] }, claims: { sub: 'mallory' } }) },
  expected: accepted(),
}

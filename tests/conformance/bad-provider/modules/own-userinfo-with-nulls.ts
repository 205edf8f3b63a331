import { accepted } from '../expectations.js'
import { accessTokenTypes } from '../profiles.js'
import { withMembers } from '../provider/answers.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-userinfo-with-nulls',
  profiles: ['Own'],
  provider: 'Gives `null` for the claims that it does not know.',
  responseTypes: accessTokenTypes,
  algs: ['HS256'],
  behaviour: { userInfo: (answer) => withMembers(answer, { name: null, birthdate: null }) },
  expected: accepted(),
}

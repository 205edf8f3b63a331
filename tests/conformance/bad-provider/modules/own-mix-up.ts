import { refusesCallback } from '../expectations.js'
import { mixUp } from '../flows/mixUp.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-mix-up',
  profiles: ['Own'],
  provider:
    'Is an attacker: the user comes back from an honest provider, which names itself, with the state of the attacker.',
  responseTypes: ['code'],
  algs: ['HS256'],
  flow: mixUp,
  behaviour: {},
  expected: refusesCallback('iss'),
}

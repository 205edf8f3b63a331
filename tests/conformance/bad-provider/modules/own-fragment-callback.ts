import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-fragment-callback',
  profiles: ['Own'],
  provider: 'Answers in the fragment where the query was asked for.',
  responseTypes: ['code'],
  algs: ['HS256'],
  behaviour: { place: 'fragment' },
  expected: refusesCallback('place'),
}

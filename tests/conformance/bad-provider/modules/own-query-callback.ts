import { refusesCallback } from '../expectations.js'
import { frontIdToken } from '../profiles.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-query-callback',
  profiles: ['Own'],
  provider: 'Answers in the query where the fragment was asked for.',
  responseTypes: frontIdToken,
  algs: ['HS256'],
  behaviour: { place: 'query' },
  expected: refusesCallback('place'),
}

import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-query-for-form-post',
  profiles: ['Own'],
  provider: 'Answers in the query where a form was asked for.',
  algs: ['HS256'],
  responseModes: ['form_post'],
  behaviour: { place: 'query' },
  expected: refusesCallback('place'),
}

import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-form-post-for-query',
  profiles: ['Own'],
  provider: 'Posts a form where the query or the fragment was asked for.',
  algs: ['HS256'],
  behaviour: { place: 'form_post' },
  expected: refusesCallback('place'),
}

import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-error-without-state',
  profiles: ['Own'],
  provider: 'Sends an error without a state.',
  algs: ['HS256'],
  responseModes: [undefined, 'form_post'],
  behaviour: { callback: () => new URLSearchParams({ error: 'access_denied' }) },
  expected: refusesCallback('state'),
}

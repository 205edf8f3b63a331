import { refusesCallback } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-unsigned-callback',
  profiles: ['Own'],
  provider: 'Answers with plain parameters where a signed callback was asked for.',
  responseTypes: ['code'],
  fapi: 'signed',
  behaviour: { unsignedAnswer: true },
  expected: refusesCallback('missing'),
}

import { refusesCallback } from '../expectations.js'
import { strayCallback } from '../flows/strayCallback.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-another-callback-path',
  profiles: ['Own'],
  provider: 'Behaves well, but its callback reaches another path than the redirect URI.',
  algs: ['HS256'],
  flow: strayCallback,
  oursAlone: 'it keeps no redirect URIs',
  behaviour: {},
  expected: refusesCallback('redirect_uri'),
}

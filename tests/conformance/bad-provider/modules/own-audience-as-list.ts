import { accepted } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-audience-as-list',
  profiles: ['Own'],
  provider: 'Gives `aud` as a list of the client alone, and the client as `azp`.',
  behaviour: { claims: (claims) => ({ ...claims, aud: [claims.aud], azp: claims.aud }) },
  expected: accepted(),
}

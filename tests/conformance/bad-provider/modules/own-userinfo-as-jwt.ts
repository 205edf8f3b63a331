import { refuses } from '../expectations.js'
import { accessTokenTypes } from '../profiles.js'
import { signJwt } from '../provider/signJwt.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'own-userinfo-as-jwt',
  profiles: ['Own'],
  provider: 'Gives user info as a JWT that nobody asked for.',
  responseTypes: accessTokenTypes,
  algs: ['HS256'],
  behaviour: {
    userInfo: async (answer, run) => ({
      ...answer,
      headers: { 'content-type': 'application/jwt' },
      body: await signJwt({ iss: run.issuer, aud: run.client.id, sub: run.user.sub }, { run, place: 'token' }),
    }),
  },
  expected: refuses('response_invalid', { endpoint: 'userInfo', reason: 'content_type' }, 'whole'),
}

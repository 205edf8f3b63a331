import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signIn } from './signIn.js'
import { startEmulator } from './startEmulator.js'
import { authorizeUrl, post, signInForTokens } from '../test/walk.js'
import type { Emulator } from './types.js'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.stop())

describe('the code flow', () => {
  it('gives tokens of the shape of the seed', async () => {
    const { tokens } = await signInForTokens(emulator, { nonce: 'the-nonce' })
    expect(Object.keys(tokens).sort()).toEqual(['access_token', 'expires_in', 'id_token', 'scope', 'token_type'])
    expect(tokens).toMatchObject({
      expires_in: 3600,
      token_type: 'Bearer',
      scope: 'openid profile email phone address',
    })
    expect(decodeProtectedHeader(tokens.access_token)).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) })
    expect(Object.keys(decodeJwt(tokens.access_token))).toEqual(['jti', 'sub', 'iat', 'exp', 'scope', 'iss', 'aud'])
    expect(decodeProtectedHeader(tokens.id_token)).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(decodeJwt(tokens.id_token)).toMatchObject({
      nonce: 'the-nonce',
      iss: emulator.issuer,
      gender: 'U',
      name: null,
    })
  })

  it('gives the callback and does not follow it', async () => {
    const callback = await signIn(authorizeUrl(emulator, { state: 'the-state' }))
    expect(callback.method).toBe('GET')
    const url = new URL(callback.url)
    expect(url.origin + url.pathname).toBe(emulator.config.redirectUri)
    expect(url.searchParams.get('state')).toBe('the-state')
  })

  it('introspects and revokes its access tokens, which are JWTs', async () => {
    const { tokens } = await signInForTokens(emulator)
    const active = await post(emulator, '/oidc/token/introspection', { token: tokens.access_token })
    expect(active.json).toMatchObject({ active: true, token_type: 'Bearer' })
    const revoked = await post(emulator, '/oidc/token/revocation', { token: tokens.access_token })
    expect([revoked.status, revoked.text]).toEqual([200, ''])
    const dead = await post(emulator, '/oidc/token/introspection', { token: tokens.access_token })
    expect(dead.json).toEqual({ active: false })
  })
})

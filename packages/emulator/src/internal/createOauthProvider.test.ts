import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorizeUrl, get, makePkce, paramsOf, post, signInForTokens } from '../../test/walk.js'
import { signIn } from '../signIn.js'
import { startEmulator } from '../startEmulator.js'
import type { Emulator, EmulatorApp } from '../types.js'

let emulator: Emulator
let basicApp: EmulatorApp
beforeAll(async () => {
  emulator = await startEmulator({ apps: [{}, { authMethods: { token: 'client_secret_basic' } }, { public: true }] })
  basicApp = emulator.apps[1] as EmulatorApp
})
afterAll(() => emulator.stop())

const tokensOf = (params: Record<string, string | undefined> = {}, app = emulator.apps[0]) =>
  signInForTokens(emulator, params, app, {}, 'oauth')
const introspect = async (token: string) => (await post(emulator, '/oauth/token/introspection', { token })).json

describe('the OAuth 2.0 side', () => {
  it('gives opaque tokens of 40 hexadecimal digits, a refresh token always, an ID token never', async () => {
    const { tokens } = await tokensOf()
    expect(tokens.access_token).toMatch(/^[0-9a-f]{40}$/)
    expect(tokens.refresh_token).toMatch(/^[0-9a-f]{40}$/)
    expect(tokens).toMatchObject({ scope: 'user', token_type: 'Bearer' })
    expect(tokens).not.toHaveProperty('id_token')
  })

  it('asks for the scope user when none is named, and knows no openid', async () => {
    expect((await tokensOf({ scope: undefined })).tokens.scope).toBe('user')
    const { tokens } = await tokensOf({ scope: 'openid user' })
    expect(tokens.scope).toBe('user')
    expect(tokens).not.toHaveProperty('id_token')
  })

  it('answers token alone in the fragment', async () => {
    const { url } = await signIn(authorizeUrl(emulator, { response_type: 'token' }, emulator.apps[0], 'oauth'))
    const params = paramsOf({ url })
    expect(new URL(url).search).toBe('')
    expect(params.has('code')).toBe(false)
    expect(params.get('state')).toBe('the-state')
    expect((await introspect(params.get('access_token') ?? '')).active).toBe(true)
  })

  it('does not let a request ask for that by itself', async () => {
    const url = authorizeUrl(emulator, { token_alone: 'yes' }, emulator.apps[0], 'oauth')
    expect(paramsOf(await signIn(url)).has('code')).toBe(true)
  })

  it('gives user info to a header, a body and a query', async () => {
    const { access_token } = (await tokensOf()).tokens
    const me = `${emulator.appHost}/oauth/me`
    const headers = { authorization: `Bearer ${access_token}` }
    for (const response of await Promise.all([
      fetch(me, { headers }),
      fetch(me, { method: 'POST', headers }),
      fetch(`${me}?access_token=${access_token}`),
      fetch(me, { method: 'POST', body: new URLSearchParams({ access_token }) }),
    ])) {
      expect(await response.json()).toMatchObject({ sub: expect.any(String), preferred_username: 'alice' })
    }
  })

  it('gives no user info to an unknown token, nor to one of the OpenID side', async () => {
    const oidc = await signInForTokens(emulator)
    for (const token of ['unknown', oidc.tokens.access_token]) {
      const { status, json, headers } = await get(emulator, '/oauth/me', { authorization: `Bearer ${token}` })
      expect([status, json.error]).toEqual([401, 'invalid_token'])
      expect(headers.get('www-authenticate')).toMatch(/^Bearer .*invalid_token/)
    }
  })

  it('refreshes, introspects and revokes', async () => {
    const { tokens } = await tokensOf()
    const body = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
    const { json } = await post(emulator, '/oauth/token', body)
    expect(json.access_token).toMatch(/^[0-9a-f]{40}$/)
    expect(await introspect(json.access_token)).toMatchObject({ active: true, iss: `${emulator.appHost}/oauth` })
    const { status, text } = await post(emulator, '/oauth/token/revocation', { token: json.access_token })
    expect([status, text]).toEqual([200, ''])
    expect(await introspect(json.access_token)).toEqual({ active: false })
  })

  it('knows PKCE by plain', async () => {
    const { verifier } = makePkce()
    const url = authorizeUrl(emulator, { code_challenge: verifier, code_challenge_method: 'plain' }, undefined, 'oauth')
    const code = paramsOf(await signIn(url)).get('code') ?? ''
    const body = { grant_type: 'authorization_code', code, redirect_uri: emulator.apps[0].redirectUris[0] }
    expect((await post(emulator, '/oauth/token', body)).json.error).toBe('invalid_grant')
    expect((await post(emulator, '/oauth/token', { ...body, code_verifier: verifier })).status).toBe(200)
  })

  it('has the same methods of authentication as the OpenID side', async () => {
    const body = { grant_type: 'refresh_token', refresh_token: 'unknown' }
    expect((await post(emulator, '/oauth/token', body, basicApp)).json.error).toBe('invalid_client')
    const authorization = `Basic ${Buffer.from(`${basicApp.appId}:${basicApp.secret}`).toString('base64')}`
    expect((await post(emulator, '/oauth/token', body, basicApp, { authorization })).json.error).toBe('invalid_grant')
  })

  it('takes an access key', async () => {
    const { accessKey, accessSecret } = emulator.apps[0]
    const { json } = await post(emulator, '/oauth/token', {
      grant_type: 'client_credentials',
      client_id: accessKey,
      client_secret: accessSecret,
      scope: 'user',
    })
    expect(json).toMatchObject({ access_token: expect.stringMatching(/^[0-9a-f]{40}$/), scope: 'user' })
  })

  it('serves a public application', async () => {
    const { tokens } = await tokensOf({}, emulator.apps[2])
    expect(tokens.access_token).toMatch(/^[0-9a-f]{40}$/)
  })

  it('has no metadata, no keys and no session to end', async () => {
    for (const path of [
      '/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server',
      '/jwks',
      '/session/end',
    ]) {
      expect((await get(emulator, `/oauth${path}`)).status).toBe(404)
    }
  })

  it('does not mix its codes with those of the OpenID side', async () => {
    const code = paramsOf(await signIn(authorizeUrl(emulator))).get('code') ?? ''
    const body = { grant_type: 'authorization_code', code, redirect_uri: emulator.apps[0].redirectUris[0] }
    expect((await post(emulator, '/oauth/token', body)).json.error).toBe('invalid_grant')
  })

  it('leaves iss out of its callbacks where that is turned off', async () => {
    const old = await startEmulator({ iss: false })
    for (const deny of [true, false]) {
      const params = paramsOf(await signIn(authorizeUrl(old, {}, undefined, 'oauth'), { deny }))
      expect([params.has('iss'), params.has('state')]).toEqual([false, true])
    }
    await old.stop()
  })
})

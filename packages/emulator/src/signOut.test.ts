import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorizeUrl, OFFLINE, paramsOf, post, signInForTokens } from '../test/walk.js'
import { signIn } from './signIn.js'
import { signOut } from './signOut.js'
import { startEmulator } from './startEmulator.js'
import type { Emulator } from './types.js'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.stop())

const signedIn = async (params: Record<string, string> = {}) => {
  const cookies = new Map<string, string>()
  const { tokens } = await signInForTokens(emulator, params, emulator.apps[0], { cookies })
  return { cookies, tokens }
}
const isSignedIn = async (cookies: Map<string, string>) => {
  const callback = await signIn(authorizeUrl(emulator, { scope: 'openid profile', prompt: 'none' }), { cookies })
  return paramsOf(callback).has('code')
}
const link = (path: string, params: Record<string, string> = {}) =>
  `${emulator.appHost}${path}?${new URLSearchParams(params).toString()}`

describe('the easy logout link', () => {
  it('ends the session and sends the browser wherever it is told', async () => {
    const { cookies } = await signedIn()
    expect(await isSignedIn(cookies)).toBe(true)
    const url = link('/login/profile/logout', { redirect_uri: 'https://www.example.com/bye?a=1' })
    expect(await signOut(url, { cookies })).toEqual({ url: 'https://www.example.com/bye?a=1' })
    expect(await isSignedIn(cookies)).toBe(false)
  })

  it('shows a page when it is told nowhere, or where a script would run', async () => {
    const path = `${emulator.appHost}/login/profile/logout`
    expect((await signOut(path)).url).toBe(path)
    for (const redirect_uri of ['javascript:alert(1)', 'data:text/html,x', 'nowhere']) {
      const url = link('/login/profile/logout', { redirect_uri })
      expect((await signOut(url)).url).toBe(url)
    }
  })

  it('ends the tokens of the session, but not those with offline_access', async () => {
    const online = await signedIn()
    const offline = await signedIn(OFFLINE)
    for (const { cookies } of [online, offline]) await signOut(link('/login/profile/logout'), { cookies })
    const active = async (token: string) => (await post(emulator, '/oidc/token/introspection', { token })).json.active
    expect(await active(online.tokens.access_token)).toBe(false)
    expect(await active(offline.tokens.refresh_token)).toBe(true)
  })
})

describe('the standard logout link', () => {
  it('asks, ends the session, and goes to a registered address with the state', async () => {
    const { cookies, tokens } = await signedIn()
    const url = link('/oidc/session/end', {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: 'http://localhost:3000',
      state: 'bye',
    })
    expect(await signOut(url, { cookies })).toEqual({ url: 'http://localhost:3000/?state=bye' })
    expect(await isSignedIn(cookies)).toBe(false)
  })

  it('ends at a page without an address', async () => {
    const { cookies } = await signedIn()
    expect((await signOut(link('/oidc/session/end'), { cookies })).url).toBe(`${emulator.issuer}/session/end/success`)
    expect(await isSignedIn(cookies)).toBe(false)
  })

  it('refuses an address that is not registered, and a hint that is not valid', async () => {
    const { tokens } = await signedIn()
    const foreign = { id_token_hint: tokens.id_token, post_logout_redirect_uri: 'https://www.example.com' }
    await expect(signOut(link('/oidc/session/end', foreign))).rejects.toThrow(/post_logout_redirect_uri not registered/)
    const forged = { id_token_hint: `${tokens.id_token.slice(0, -4)}AAAA` }
    await expect(signOut(link('/oidc/session/end', forged))).rejects.toThrow(/could not validate id_token_hint/)
  })

  it('takes an RS256 hint after the key was rotated', async () => {
    const rotating = await startEmulator({ idTokenAlg: 'RS256' })
    const cookies = new Map<string, string>()
    const { tokens } = await signInForTokens(rotating, {}, rotating.apps[0], { cookies })
    rotating.rotateKeys()
    const url = `${rotating.issuer}/session/end?id_token_hint=${tokens.id_token}&post_logout_redirect_uri=http://localhost:3000/`
    expect((await signOut(url, { cookies })).url).toBe('http://localhost:3000/')
    await rotating.stop()
  })
})

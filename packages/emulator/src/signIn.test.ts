import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorizeUrl, paramsOf, signInForTokens } from '../test/walk.js'
import { signIn } from './signIn.js'
import { startEmulator } from './startEmulator.js'
import type { Emulator, EmulatorApp } from './types.js'

let emulator: Emulator
let other: EmulatorApp
beforeAll(async () => {
  emulator = await startEmulator({
    apps: [{ redirectUris: ['http://localhost:3000/callback?tenant=1', 'com.example.app:/callback'] }, {}],
  })
  other = emulator.apps[1] as EmulatorApp
})
afterAll(() => emulator.stop())

const errorOf = async (...args: Parameters<typeof signIn>) => paramsOf(await signIn(...args)).get('error')
const userOf = async (...args: Parameters<typeof signIn>) => {
  const params = paramsOf(await signIn(...args))
  return decodeJwt(params.get('id_token') ?? '')['preferred_username']
}
const idToken = { response_type: 'id_token' }

describe('signIn', () => {
  it('stops before the redirect URI and gives the callback', async () => {
    const { url, method, body } = await signIn(authorizeUrl(emulator))
    expect(url).toMatch(/^http:\/\/localhost:3000\/callback\?tenant=1&code=/)
    expect([method, body]).toEqual(['GET', undefined])
  })

  it('gives the form of a form_post', async () => {
    const { url, method, body } = await signIn(
      authorizeUrl(emulator, { response_mode: 'form_post', state: 'a&"<\'é b' }),
    )
    expect([url, method]).toEqual(['http://localhost:3000/callback?tenant=1', 'POST'])
    expect(new URLSearchParams(body).get('state')).toBe('a&"<\'é b')
  })

  it('stops at a scheme of its own, too', async () => {
    const native = authorizeUrl(emulator, { redirect_uri: 'com.example.app:/callback' })
    expect((await signIn(native)).url).toMatch(/^com\.example\.app:\/callback\?code=/)
  })

  it('signs in whoever is named', async () => {
    expect(await userOf(authorizeUrl(emulator, idToken))).toBe('alice')
    expect(await userOf(authorizeUrl(emulator, idToken), { user: 'Bob <b@example.org> & Söhne' })).toBe(
      'Bob <b@example.org> & Söhne',
    )
  })

  it('gives the same name the same id, and another name another', async () => {
    const sub = async (user: string) => {
      const { tokens } = await signInForTokens(emulator, {}, other, { user })
      return decodeJwt(tokens.id_token).sub
    }
    expect(await sub('carol')).toBe(await sub('carol'))
    expect(await sub('carol')).not.toBe(await sub('dave'))
  })

  it('is refused with access_denied when the person cancels, at the login and at the consent', async () => {
    expect(await errorOf(authorizeUrl(emulator), { deny: true })).toBe('access_denied')
    const cookies = new Map<string, string>()
    await signIn(authorizeUrl(emulator), { cookies })
    expect(await errorOf(authorizeUrl(emulator, { prompt: 'consent' }), { cookies, deny: true })).toBe('access_denied')
    const form = await signIn(authorizeUrl(emulator, { response_mode: 'form_post' }), { deny: true })
    expect([form.method, paramsOf(form).get('error')]).toEqual(['POST', 'access_denied'])
  })

  it('throws in the words of the page when there is nowhere to send the answer', async () => {
    const wrong = authorizeUrl(emulator, { redirect_uri: 'http://localhost:3000/other' })
    await expect(signIn(wrong)).rejects.toThrow(/HTTP 400: invalid_redirect_uri: redirect_uri did not match/)
    await expect(signIn(authorizeUrl(emulator, { client_id: 'unknown' }))).rejects.toThrow(/HTTP 400: invalid_client/)
    await expect(signIn(authorizeUrl(emulator), { user: ' ' })).rejects.toThrow(/HTTP 400/)
  })
})

describe('a session', () => {
  it('needs no second login, and no second consent for the same scopes', async () => {
    const cookies = new Map<string, string>()
    await signIn(authorizeUrl(emulator), { cookies, user: 'erin' })
    // Were a login page shown, somebody else would sign in.
    expect(await userOf(authorizeUrl(emulator, idToken), { cookies, user: 'mallory' })).toBe('erin')
    expect(await userOf(authorizeUrl(emulator, { ...idToken, prompt: 'none' }), { cookies })).toBe('erin')
  })

  it('serves the second application, once it has consent', async () => {
    const cookies = new Map<string, string>()
    await signIn(authorizeUrl(emulator), { cookies, user: 'erin' })
    const silent = authorizeUrl(emulator, { ...idToken, prompt: 'none' }, other)
    expect(await errorOf(silent, { cookies })).toBe('consent_required')
    expect(await userOf(authorizeUrl(emulator, idToken, other), { cookies, user: 'mallory' })).toBe('erin')
    expect(await userOf(silent, { cookies })).toBe('erin')
  })

  it('is missing for prompt=none without cookies', async () => {
    expect(await errorOf(authorizeUrl(emulator, { prompt: 'none' }))).toBe('login_required')
  })

  it.each(['login', 'select_account'])('can be replaced by another person with prompt=%s', async (prompt) => {
    const cookies = new Map<string, string>()
    await signIn(authorizeUrl(emulator), { cookies, user: 'erin' })
    const url = authorizeUrl(emulator, { ...idToken, prompt })
    expect(await userOf(url, { cookies, user: 'erin' })).toBe('erin')
    expect(await userOf(url, { cookies, user: 'frank' })).toBe('frank')
    expect(await userOf(authorizeUrl(emulator, idToken), { cookies })).toBe('frank')
  })

  it('is asked for again when it is older than max_age', async () => {
    const cookies = new Map<string, string>()
    await signIn(authorizeUrl(emulator), { cookies, user: 'erin' })
    const url = authorizeUrl(emulator, { ...idToken, max_age: '0' })
    expect(await userOf(url, { cookies, user: 'grace' })).toBe('grace')
  })

  it('fills in the login hint', async () => {
    const response = await fetch(authorizeUrl(emulator, { login_hint: 'heidi' }), { redirect: 'manual' })
    const cookie = response.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    const page = await fetch(new URL(response.headers.get('location') ?? '', emulator.appHost), { headers: { cookie } })
    expect(await page.text()).toContain('value="heidi"')
  })
})

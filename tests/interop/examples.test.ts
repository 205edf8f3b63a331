import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { signIn as walk } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator } from '@genauth-oidc/emulator/types'
import { api } from '../../examples/api.js'
import { site } from '../../examples/edge-handler.js'
import { callback, signIn } from '../../examples/single-page-app.js'

const redirectUri = 'http://127.0.0.1:3999/callback'
let emulator: Emulator
let config: OidcConfig & { redirectUri: string }

beforeAll(async () => {
  emulator = await startEmulator({ redirectUri })
  config = defineConfig({ ...emulator.config, redirectUri }) as typeof config
})
afterAll(() => emulator.stop())

const at = (path: string, cookies = '') =>
  new Request(new URL(path, redirectUri), { headers: { cookie: cookies }, redirect: 'manual' })
const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0]!)
    .filter((cookie) => !cookie.endsWith('='))
    .join('; ')

describe('the edge handler', () => {
  const key = 'a key for cookies of 32 characters'

  it('signs a visitor in and returns to the page that was asked for', async () => {
    const handle = site(config, key)
    const turnedAway = await handle(at('/orders'))
    expect(turnedAway.headers.get('location')).toBe('/login?to=%2Forders')
    const login = await handle(at(turnedAway.headers.get('location')!))
    const answer = await walk(login.headers.get('location')!)
    const back = await handle(at(answer.url, cookiesOf(login)))
    expect(back.status).toBe(302)
    expect(back.headers.get('location')).toBe('/orders')
    expect(back.headers.getSetCookie().some((cookie) => cookie.includes('Max-Age=0'))).toBe(true)
    const page = await handle(at('/orders', cookiesOf(back)))
    expect(await page.text()).toMatch(/^Hello \w+/)
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/a\r\nset-cookie: x=1',
    '',
  ])('returns to the start page, never to %j', async (to) => {
    const handle = site(config, key)
    const login = await handle(at(`/login?to=${encodeURIComponent(to)}`))
    const answer = await walk(login.headers.get('location')!)
    const back = await handle(at(answer.url, cookiesOf(login)))
    expect(back.headers.get('location')).toBe('/')
  })

  it('refuses a callback in a browser that began no sign-in', async () => {
    const handle = site(config, key)
    const login = await handle(at('/login?to=/'))
    const answer = await walk(login.headers.get('location')!)
    await expect(handle(at(answer.url))).rejects.toMatchObject({ code: 'callback_invalid', reason: 'transaction' })
  })
})

describe('the single-page app', () => {
  const page = { href: '', assign: (href: string) => (page.href = href) }
  const kept = new Map<string, string>()
  const replaceState = vi.fn()

  beforeEach(() => {
    kept.clear()
    vi.stubGlobal('location', page)
    vi.stubGlobal('history', { replaceState })
    vi.stubGlobal('sessionStorage', {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
    })
    return () => vi.unstubAllGlobals()
  })

  it('signs in with RS256 and no secret, and takes the code out of the address', async () => {
    const local = await startEmulator({ redirectUri, idTokenAlg: 'RS256', authMethods: { token: 'none' } })
    try {
      const spa = defineConfig({
        appId: local.config.appId,
        appHost: local.appHost,
        redirectUri,
        allowInsecureRequests: true,
      })
      await signIn(spa, '/orders')
      page.href = (await walk(page.href)).url
      const login = await callback(spa)
      expect(login.claims.sub).toMatch(/\w/)
      expect(login.tokens.access_token).toMatch(/\w/)
      expect(replaceState).toHaveBeenCalledWith(null, '', '/orders')
      await expect(callback(spa)).rejects.toMatchObject({ code: 'callback_invalid', reason: 'transaction' })
    } finally {
      await local.stop()
    }
  })
})

describe('the API', () => {
  const ask = (authorization?: string) =>
    api(config)(
      new Request('https://api.example.com/', authorization === undefined ? {} : { headers: { authorization } }),
    )

  it('serves the bearer of an access token, and nobody else', async () => {
    const { url, transaction } = await beginLogin(config)
    const { tokens, claims } = await completeLogin(config, (await walk(url.href)).url, transaction)
    expect(await (await ask(`Bearer ${tokens.access_token}`)).json()).toEqual({ hello: claims.sub })
    expect((await ask(`Bearer ${tokens.id_token}`)).status).toBe(401)
    expect((await ask('Bearer nonsense')).status).toBe(401)
    expect((await ask('Bearer nonsense')).headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    const none = await ask()
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })

  it('answers 403 to a token without the scope, and 503 when the keys are out of reach', async () => {
    const { url, transaction } = await beginLogin(config, { scope: 'openid email' })
    const { tokens } = await completeLogin(config, (await walk(url.href)).url, transaction)
    expect((await ask(`Bearer ${tokens.access_token}`)).status).toBe(403)
    const away = {
      ...config,
      endpoints: { jwks: 'http://127.0.0.1:9/jwks' },
      fetch: (...args: [string, object]) => fetch(...args),
    } as OidcConfig
    const request = new Request('https://api.example.com/', {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect((await api(away)(request)).status).toBe(503)
  })
})

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { seal } from '@genauth-oidc/login/seal'
import { signIn as walk } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator } from '@genauth-oidc/emulator/types'
import { api } from '../../examples/api.js'
import { site } from '../../examples/edge-handler.js'
import { serve } from '../../examples/node-server.js'
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
  const handle = (request: Request) => site(config, key)(request)
  /** A sign-in up to the callback: the browser's cookies, and where the provider sent it. */
  const begin = async (to = '/orders?page=2') => {
    const login = await handle(at(`/login?to=${encodeURIComponent(to)}`))
    const { url } = await walk(login.headers.get('location')!)
    return { url, cookies: cookiesOf(login) }
  }
  /** The cookies of a browser that is signed in. */
  const signedIn = async () => {
    const { url, cookies } = await begin()
    return cookiesOf(await handle(at(url, cookies)))
  }
  const log = vi.spyOn(console, 'error')
  beforeEach(() => {
    log.mockReset().mockImplementation(() => undefined)
    return () => vi.useRealTimers()
  })
  const later = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })

  it('signs a visitor in and returns to the page that was asked for', async () => {
    const turnedAway = await handle(at('/orders?page=2'))
    expect(turnedAway.headers.get('location')).toBe('/login?to=%2Forders%3Fpage%3D2')
    const login = await handle(at(turnedAway.headers.get('location')!))
    const answer = await walk(login.headers.get('location')!)
    const back = await handle(at(answer.url, cookiesOf(login)))
    expect(back.status).toBe(302)
    expect(back.headers.get('location')).toBe('/orders?page=2')
    const page = await handle(at('/orders?page=2', cookiesOf(back)))
    expect(page.status).toBe(200)
    expect(await page.text()).toMatch(/^Hello \w+/)
    expect(log).not.toHaveBeenCalled()
  })

  it('sets cookies that no script reads, clears that of the sign-in, and lets nothing be kept by a cache', async () => {
    const login = await handle(at('/login'))
    const [set] = login.headers.getSetCookie()
    const { url } = await walk(login.headers.get('location')!)
    const back = await handle(at(url, cookiesOf(login)))
    const [clear, session] = back.headers.getSetCookie()
    expect(set).toMatch(/^genauth-[\w-]{22}=[\w.-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/)
    expect(clear).toBe(`${set!.split('=')[0]!}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`)
    expect(session).toMatch(/^__Host-session=[\w.-]+; Path=\/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax$/)
    for (const response of [login, back, await handle(at('/', cookiesOf(back)))])
      expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '///evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    'https://evil.example',
    'https:evil.example',
    'evil.example',
    '@evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/a\r\nset-cookie: x=1',
    '/\u2028/evil.example',
    '/\u{ff0f}evil.example',
    '',
    // Escaped in JSON, they would take twice the place.
    '/"',
    '/?\\',
  ])('returns to the start page, never to %j', async (to) => {
    const { url, cookies } = await begin(to)
    const back = await handle(at(url, cookies))
    expect(back.status).toBe(302)
    expect(back.headers.get('location')).toBe('/')
  })

  it.each(['/', '/orders?page=2#third', '/a//b', '/.//evil.example', '/%2f/evil.example', '/https://evil.example'])(
    'returns to %j, which a browser looks for on this site',
    async (to) => {
      const { url, cookies } = await begin(to)
      const location = (await handle(at(url, cookies))).headers.get('location')!
      expect(location).toBe(to)
      expect(new URL(location, redirectUri).origin).toBe(new URL(redirectUri).origin)
    },
  )

  it('returns to an address of 1 500 characters, and to the start page instead of a longer one', async () => {
    const longest = `/${'~'.repeat(1499)}`
    for (const [to, expected] of [
      [longest, longest],
      [`${longest}~`, '/'],
    ]) {
      const { url, cookies } = await begin(to)
      expect((await handle(at(url, cookies))).headers.get('location')).toBe(expected)
    }
  })

  it('begins a sign-in whatever address a stranger asks it to return to', async () => {
    // For GenAuth's addresses, and longer ones of the application's own than most.
    const long = { appHost: 'https://sample-application.genauth.ai', appId: '5f17a529f64fb009b794a2ff' }
    const redirectUri = 'https://customers.department.example.com/account/callback'
    const begins = site({ ...long, redirectUri }, key)
    for (const one of ['x', '"', '\\', '\n', '%', '\u00e9', '\u{1f600}'])
      for (const length of [100, 1498, 1499, 1500, 2000, 5000]) {
        const to = encodeURIComponent(`/${one.repeat(length)}`)
        const login = await begins(new Request(new URL(`/login?to=${to}`, redirectUri)))
        expect([one, length, login.status]).toEqual([one, length, 302])
      }
  })

  it.each<[string, (url: URL) => void, object]>([
    ['the user said no', refuse, { code: 'authorization_error', error: 'access_denied' }],
    ['the code is not good', ({ searchParams }) => searchParams.set('code', 'x'), { error: 'invalid_grant' }],
    ['the issuer is another', ({ searchParams }) => searchParams.set('iss', 'https://evil.example'), { reason: 'iss' }],
    ['the code is missing', ({ searchParams }) => searchParams.delete('code'), { reason: 'missing' }],
  ])('tells the user, logs why and clears the cookie when %s', async (_, change, error) => {
    const { url, cookies } = await begin()
    const changed = new URL(url)
    change(changed)
    const answer = await handle(at(changed.href, cookies))
    expect(answer.status).toBe(400)
    expect(await answer.text()).toBe('You could not be signed in. Please try again.')
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(`^${cookies.split('=')[0]!}=; .*Max-Age=0`)])
    expect(log.mock.calls).toEqual([[expect.objectContaining(error)]])
  })
  function refuse({ searchParams }: URL) {
    searchParams.delete('code')
    searchParams.set('error', 'access_denied')
  }

  it.each(['/callback', '/callback?state=', '/callback?code=x&state=x', '/callback?code=x&state=x&state=y'])(
    'answers %s without a session, and without throwing',
    async (path) => {
      const answer = await handle(at(path))
      expect(answer.status).toBe(400)
      expect(answer.headers.getSetCookie().join()).not.toContain('session=')
      expect(log.mock.calls).toEqual([[expect.objectContaining({ code: 'callback_invalid' })]])
    },
  )

  it('refuses a callback in a browser that began no sign-in, or another one', async () => {
    const [mine, other] = [await begin(), await begin()]
    for (const cookies of ['', other.cookies]) expect((await handle(at(mine.url, cookies))).status).toBe(400)
    const renamed = `${mine.cookies.split('=')[0]!}=${other.cookies.split('=')[1]!}`
    expect((await handle(at(mine.url, renamed))).status).toBe(400)
    expect(log.mock.calls.map(([error]) => (error as { reason: string }).reason)).toEqual([
      'transaction',
      'transaction',
      'state',
    ])
  })

  it('completes no sign-in that was begun more than ten minutes ago', async () => {
    const { url, cookies } = await begin()
    later(601)
    const answer = await handle(at(url, cookies))
    expect(answer.status).toBe(400)
    expect(answer.headers.getSetCookie()).toEqual([expect.stringContaining('Max-Age=0')])
  })

  it('takes a session for an hour', async () => {
    const cookies = await signedIn()
    later(3590)
    expect((await handle(at('/', cookies))).status).toBe(200)
    later(20)
    expect((await handle(at('/', cookies))).headers.get('location')).toBe('/login?to=%2F')
  })

  it('takes no session that was changed, sealed with another key or for another purpose, or is none', async () => {
    const cookies = await signedIn()
    const value = cookies.slice('__Host-session='.length)
    // Every character counts but the last of each part, whose spare bits say nothing.
    const changed = [0, 10, value.indexOf('.') + 1, value.length - 5].map(
      (index) => value.slice(0, index) + (value[index] === 'A' ? 'B' : 'A') + value.slice(index + 1),
    )
    const sealing = { key, purpose: 'session', expiresIn: 60 }
    const others = [
      await seal('alice', { ...sealing, key: 'another key for cookies, long enough' }),
      await seal('alice', { ...sealing, purpose: 'newsletter' }),
      await seal({ sub: 'alice' }, sealing),
      (await begin()).cookies.split('=')[1]!,
    ]
    for (const session of [...changed, ...others, '', 'alice', '.', value.slice(1), `${value}A`]) {
      const answer = await handle(at('/', `__Host-session=${session}`))
      expect([session, answer.status]).toEqual([session, 302])
    }
    expect((await handle(at('/', `theme=dark; ${cookies}; __Host-session2=x`))).status).toBe(200)
    expect((await handle(at('/', `other__Host-session=${value}`))).status).toBe(302)
  })

  it('signs in over HTTP, by the server of Node', async () => {
    const server = serve(handle, new URL(redirectUri).origin).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const get = (path: string, cookie = '') =>
      fetch(new URL(path, `http://127.0.0.1:${port}`), { headers: { cookie }, redirect: 'manual' })
    try {
      const login = await get('/login?to=/orders')
      const { pathname, search } = new URL((await walk(login.headers.get('location')!)).url)
      const back = await get(pathname + search, cookiesOf(login))
      expect([back.status, back.headers.get('location')]).toEqual([302, '/orders'])
      expect(back.headers.getSetCookie()).toHaveLength(2)
      expect(await (await get('/orders', cookiesOf(back))).text()).toMatch(/^Hello \w+/)
    } finally {
      server.close()
    }
  })

  it('is the one of the README, and has 25 lines', () => {
    const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    const [readme = ''] = /^export default async function handle[\s\S]*?^(?=```)/m.exec(read('README.md')) ?? []
    const lines = (text: string) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
    const [, ...body] = lines(readme)
    expect(body).toHaveLength(24)
    const example = lines(read('examples/edge-handler.ts')).join('\n')
    expect(example).toContain(body.slice(0, -2).join('\n'))
    expect(example).toContain(body.slice(-2).join('\n'))
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

/** Several tabs of one user that sign in at the same time, over one jar of cookies, as a server sees them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { signIn, type SignInResult } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator } from '@genauth-oidc/emulator/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { sealTransaction } from '@genauth-oidc/login/sealTransaction'
import { transactionCookie } from '@genauth-oidc/login/transactionCookie'
import { transactionFromCookie } from '@genauth-oidc/login/transactionFromCookie'
import { seeded } from '../support/tokens.js'

const key = 'a-key-of-at-least-32-characters!'
const tabs = 8
let emulator: Emulator
let config: OidcConfig
let other: OidcConfig
let requests: string[] = []

beforeAll(async () => {
  emulator = await startEmulator({ onRequest: ({ method, path }) => requests.push(`${method} ${path}`) })
  ;[config, other] = emulator.apps.map((app) => defineConfig(app.config)) as [OidcConfig, OidcConfig]
})
afterAll(() => emulator.stop())

/** A browser: it keeps what a Set-Cookie header says, and sends all of it. */
function browser() {
  const jar = new Map<string, string>()
  return {
    jar,
    provider: new Map<string, string>(),
    keep: (header: string) => {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
      if (header.includes('Max-Age=0')) jar.delete(name)
      else jar.set(name, value)
    },
    header: () => [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
  }
}
type Browser = ReturnType<typeof browser>

const begin = async (one: Browser, responseMode: 'query' | 'form_post', appState: string, as = config) => {
  const { url, transaction } = await beginLogin(as, { responseMode, appState })
  const cookie = await transactionCookie(transaction, await sealTransaction(transaction, key))
  one.keep(cookie.set)
  return { url, transaction, cookie }
}

const request = ({ url, method, body }: SignInResult, cookie: string) =>
  new Request(url, {
    method,
    headers: { cookie, ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }) },
    ...(body !== undefined && { body }),
  })

/** What the application's server does with a callback. */
const complete = async (one: Browser, callback: SignInResult, clear: string, now?: number) => {
  const options = now === undefined ? {} : { now }
  const find = transactionFromCookie(one.header(), config.redirectUri ?? '', key, options)
  try {
    return await completeLogin(config, request(callback, one.header()), find, options)
  } finally {
    one.keep(clear)
  }
}

const shuffled = <T>(list: readonly T[], seed: number): T[] => {
  const random = seeded(seed)
  return list
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item)
}

describe.each(['query', 'form_post'] as const)('%s: tabs of one user [R16]', (mode) => {
  it(`${tabs} of them, interleaved, all end in a login, each in its own page`, async () => {
    const one = browser()
    const opened = []
    for (let tab = 0; tab < tabs; tab++) opened.push(await begin(one, mode, `/page/${tab}`))
    expect(one.jar.size).toBe(tabs)
    const returned = []
    for (const [tab, { url, cookie }] of shuffled([...opened.entries()], 1))
      returned.push({ tab, cookie, callback: await signIn(url, { user: 'alice', cookies: one.provider }) })
    for (const { tab, cookie, callback } of shuffled(returned, 2)) {
      expect(callback.method).toBe(mode === 'form_post' ? 'POST' : 'GET')
      const login = await complete(one, callback, cookie.clear)
      expect(login.appState).toBe(`/page/${tab}`)
    }
    expect(one.jar.size).toBe(0)
  })

  it('all at once end in a login, too', async () => {
    const one = browser()
    const opened = await Promise.all(Array.from({ length: tabs }, (_, tab) => begin(one, mode, `/page/${tab}`)))
    const logins = await Promise.all(
      opened.map(async ({ url, cookie }) => complete(one, await signIn(url, { user: 'alice' }), cookie.clear)),
    )
    expect(logins.map(({ appState }) => appState)).toEqual(opened.map((_, tab) => `/page/${tab}`))
  })

  it('one that comes twice is refused without a request', async () => {
    const one = browser()
    const { url, cookie } = await begin(one, mode, '/')
    const callback = await signIn(url)
    await complete(one, callback, cookie.clear)
    requests = []
    await expect(complete(one, callback, cookie.clear)).rejects.toMatchObject({
      code: 'callback_invalid',
      reason: 'transaction',
    })
    expect(requests).toEqual([])
  })

  it('a transaction that is expired, another browser’s, swapped, tampered with or another application’s makes no request', async () => {
    const one = browser()
    const stranger = browser()
    const first = await begin(one, mode, '/first')
    const second = await begin(one, mode, '/second')
    const callback = await signIn(first.url)
    const swapped = browser()
    swapped.jar.set(first.cookie.name, second.cookie.value)
    const tampered = browser()
    const middle = Math.floor(first.cookie.value.length / 2)
    const letter = first.cookie.value[middle] === 'A' ? 'B' : 'A'
    tampered.jar.set(
      first.cookie.name,
      first.cookie.value.slice(0, middle) + letter + first.cookie.value.slice(middle + 1),
    )
    const foreign = browser()
    const elsewhere = await begin(foreign, mode, '/', other)
    foreign.jar.clear()
    foreign.jar.set(first.cookie.name, elsewhere.cookie.value)
    const rekeyed = browser()
    rekeyed.jar.set(first.cookie.name, await sealTransaction(first.transaction, 'another-key-of-at-least-32-chars'))
    requests = []
    const late = (first.transaction.expiresAt + 1) * 1000
    const cases: [Browser, string, number?][] = [
      [one, 'transaction', late],
      [stranger, 'transaction'],
      [swapped, 'state'],
      [tampered, 'transaction'],
      [foreign, 'mix_up'],
      [rekeyed, 'transaction'],
    ]
    for (const [who, reason, now] of cases)
      await expect(complete(who, callback, '', now)).rejects.toMatchObject({ code: 'callback_invalid', reason })
    expect(requests).toEqual([])
    // The sign-in itself is unharmed by all of it.
    await expect(complete(one, callback, first.cookie.clear)).resolves.toMatchObject({ appState: '/first' })
  })

  it('a callback that somebody else began is not taken: the other one’s browser has no such transaction', async () => {
    const attacker = browser()
    const victim = browser()
    const own = await begin(victim, mode, '/own')
    const { url } = await begin(attacker, mode, '/attack')
    const callback = await signIn(url, { user: 'mallory' })
    requests = []
    await expect(complete(victim, callback, '')).rejects.toMatchObject({ reason: 'transaction' })
    expect(requests).toEqual([])
    await expect(complete(victim, await signIn(own.url), own.cookie.clear)).resolves.toMatchObject({ appState: '/own' })
  })
})

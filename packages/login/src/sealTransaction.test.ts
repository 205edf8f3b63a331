import { describe, expect, it } from 'vitest'
import { at, config, now, redirectUri } from '../../../tests/support/tokens.js'
import { beginLogin } from './beginLogin.js'
import { open } from './open.js'
import { openTransaction } from './openTransaction.js'
import { seal } from './seal.js'
import { sealTransaction } from './sealTransaction.js'
import { transactionCookie } from './transactionCookie.js'
import { transactionFromCookie } from './transactionFromCookie.js'
import type { LoginParams } from './types.js'

const key = 'a-key-of-at-least-32-characters!'
const begin = async (params?: LoginParams, other = config) => (await beginLogin(other, params, at())).transaction
const closed = { name: 'OidcError', code: 'callback_invalid', reason: 'transaction' }

describe('a sealed transaction [R15] [R17]', () => {
  it('opens as it was', async () => {
    const transaction = await begin({ appState: '/cart', maxAge: 60, responseMode: 'form_post' })
    const sealed = await sealTransaction(transaction, key, at())
    expect(sealed.length).toBeLessThanOrEqual(3072)
    expect(await openTransaction(sealed, key, at())).toEqual(transaction)
  })

  it('opens with none of its characters changed', async () => {
    const sealed = await sealTransaction(await begin(), key, at())
    for (let place = 0; place < sealed.length; place++) {
      const other = sealed[place] === 'A' ? 'B' : 'A'
      await expect(
        openTransaction(sealed.slice(0, place) + other + sealed.slice(place + 1), key, at()),
      ).rejects.toMatchObject(closed)
    }
  })

  it('belongs to its issuer and application: no other’s opens in its place', async () => {
    const one = await sealTransaction(await begin(), key, at())
    const others = [
      { ...config, appId: 'another-app' },
      { ...config, appHost: 'https://second-app.genauth.ai' },
    ]
    for (const other of others) {
      const sealed = await sealTransaction(await begin({}, other as typeof config), key, at())
      const [owner = '', ...rest] = sealed.split('.')
      const [ours = '', ...mine] = one.split('.')
      expect(owner).not.toBe(ours)
      await expect(openTransaction([owner, ...mine].join('.'), key, at())).rejects.toMatchObject(closed)
      await expect(openTransaction([ours, ...rest].join('.'), key, at())).rejects.toMatchObject(closed)
    }
  })

  it('opens until the transaction expires, however late it is sealed', async () => {
    const transaction = await begin()
    for (const seconds of [0, 300]) {
      const sealed = await sealTransaction(transaction, key, at(seconds))
      expect(await openTransaction(sealed, key, at(599))).toEqual(transaction)
      await expect(openTransaction(sealed, key, at(600))).rejects.toMatchObject(closed)
    }
    await expect(sealTransaction(transaction, key, at(600))).rejects.toMatchObject({ argument: 'transaction' })
  })

  it('opens with each of several keys', async () => {
    const transaction = await begin()
    const next = 'another-key-of-at-least-32-chars'
    const sealed = await sealTransaction(transaction, [next, key], at())
    expect(await openTransaction(sealed, [key, next], at())).toEqual(transaction)
    await expect(openTransaction(sealed, key, at())).rejects.toMatchObject(closed)
  })

  it('is never a session, nor a session a transaction', async () => {
    const transaction = await begin()
    const sealed = await sealTransaction(transaction, key, at())
    const session = await seal(transaction, { key, purpose: 'session', expiresIn: 600 }, at())
    await expect(openTransaction(session, key, at())).rejects.toMatchObject(closed)
    for (const text of [sealed, sealed.slice(sealed.indexOf('.') + 1)])
      for (const purpose of ['session', 'transaction', `transaction ${sealed.split('.')[0] ?? ''} `])
        await expect(open(text, { key, purpose }, at())).rejects.toMatchObject({ argument: 'sealed' })
    const [owner = ''] = sealed.split('.')
    await expect(openTransaction(`${owner}.${session}`, key, at())).rejects.toMatchObject(closed)
  })

  it.each<unknown>([undefined, null, '', 'x', 'a.b.c', '..', 7, {}])(
    'is never %j: there is no sign-in under way',
    async (value) => {
      await expect(openTransaction(value as string, key, at())).rejects.toMatchObject(closed)
    },
  )

  it('says of a short key that it is short', async () => {
    const transaction = await begin()
    await expect(sealTransaction(transaction, 'short', at())).rejects.toMatchObject({ argument: 'key' })
    const sealed = await sealTransaction(transaction, key, at())
    await expect(openTransaction(sealed, 'short', at())).rejects.toMatchObject({
      code: 'argument_invalid',
      argument: 'key',
    })
  })

  it('is at most 3 KB', async () => {
    const fits = await begin({ appState: 'x'.repeat(1000) })
    expect((await sealTransaction(fits, key, at())).length).toBeLessThanOrEqual(3072)
    const long = await begin({ appState: 'x'.repeat(3000) })
    await expect(sealTransaction(long, key, at())).rejects.toMatchObject({ code: 'argument_invalid' })
    // Just below the limit what names its owner is counted, too.
    for (let length = 1500; length < 2000; length += 10) {
      const border = await begin({ appState: 'x'.repeat(length) })
      const sealed = await sealTransaction(border, key, at()).catch(() => '')
      expect(sealed.length).toBeLessThanOrEqual(3072)
      if (sealed) expect(await openTransaction(sealed, key, at())).toEqual(border)
    }
  })

  it.each([undefined, null, 5, {}])('is not made from %j, nor is its cookie', async (none) => {
    for (const made of [sealTransaction(none as never, key), transactionCookie(none as never)])
      await expect(made).rejects.toMatchObject({ code: 'argument_invalid' })
  })
})

describe('the cookie of a transaction [R16] [R17]', () => {
  it('is HttpOnly, Secure, of this host only, and dies with the transaction', async () => {
    const cookie = await transactionCookie(await begin(), 'sealed')
    expect(cookie.name).toMatch(/^__Host-/)
    expect(cookie.set).toBe(`${cookie.name}=sealed; ${cookie.attributes}`)
    expect(cookie.attributes.split('; ').sort()).toEqual([
      'HttpOnly',
      'Max-Age=600',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ])
    expect(cookie.clear).toMatch(new RegExp(`^${cookie.name}=; .*Max-Age=0`))
    expect(cookie.clear).toContain('Secure')
    expect(cookie.clear).not.toContain('sealed')
  })

  it('is SameSite=None for form_post: a Lax one is not sent with a post from another site', async () => {
    const cookie = await transactionCookie(await begin({ responseMode: 'form_post' }), 'sealed')
    expect(cookie.attributes).toContain('SameSite=None; Secure')
  })

  it.each(['http://localhost:3000/cb', 'http://127.0.0.1/cb', 'http://[::1]:8080/cb'])(
    'has neither prefix nor Secure on %s, for form_post either',
    async (loopback) => {
      for (const responseMode of ['query', 'form_post'] as const) {
        const cookie = await transactionCookie(await begin({ redirectUri: loopback, responseMode }), 'sealed')
        expect(cookie.name).toMatch(/^genauth-/)
        expect(cookie.attributes.split('; ').sort()).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax'])
      }
    },
  )

  it.each([
    'http://app.example.com/cb',
    'http://localhost.example.com/cb',
    'http://127.0.0.1.example.com/cb',
    'https://localhost/cb',
    'com.example.app:/cb',
  ])('is Secure on %s', async (address) => {
    const cookie = await transactionCookie(await begin({ redirectUri: address }), 'sealed')
    expect(cookie.name).toMatch(/^__Host-/)
    expect(cookie.attributes).toContain('Secure')
  })

  it('is one for each state, which its name does not tell', async () => {
    const transactions = await Promise.all(Array.from({ length: 50 }, () => begin()))
    const names = await Promise.all(transactions.map(async (one) => (await transactionCookie(one)).name))
    expect(new Set(names).size).toBe(50)
    transactions.forEach(({ state }, at) => expect(names[at]).not.toContain(state))
  })

  it('is found by state and redirect URI alone', async () => {
    const transaction = await begin()
    const { name } = await transactionCookie({ state: transaction.state, redirectUri })
    expect(name).toBe((await transactionCookie(transaction, 'sealed')).name)
  })
})

describe('a transaction in the cookies of a callback', () => {
  const header = async (transactions: Awaited<ReturnType<typeof begin>>[]) => {
    const cookies = await Promise.all(
      transactions.map(async (one) => {
        const { name, value } = await transactionCookie(one, await sealTransaction(one, key, at()))
        return `${name}=${value}`
      }),
    )
    return ['theme=dark', ...cookies, 'session=x.y'].join('; ')
  }

  it('is the one of the state, among those of other tabs', async () => {
    const all = await Promise.all([begin(), begin(), begin()])
    const find = transactionFromCookie(await header(all), redirectUri, key, at())
    for (const one of all) expect(await find(one.state)).toEqual(one)
  })

  it('is none where this browser has none', async () => {
    const one = await begin()
    for (const cookies of [undefined, null, '', 'theme=dark', await header([await begin()])])
      expect(await transactionFromCookie(cookies, redirectUri, key, at())(one.state)).toBeUndefined()
  })

  it('does not open when it was tampered with, sealed by another key, or expired', async () => {
    const one = await begin()
    const cookies = await header([one])
    const tampered = cookies.replace(/(genauth-[^=]+=\w)./, (_, head: string) => `${head}~`)
    await expect(transactionFromCookie(tampered, redirectUri, key, at())(one.state)).rejects.toMatchObject(closed)
    const other = 'another-key-of-at-least-32-chars'
    await expect(transactionFromCookie(cookies, redirectUri, other, at())(one.state)).rejects.toMatchObject(closed)
    await expect(transactionFromCookie(cookies, redirectUri, key, at(601))(one.state)).rejects.toMatchObject(closed)
    expect(one.expiresAt).toBe(now + 600)
  })
})

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { get } from '../../test/walk.js'
import { signIn } from '../signIn.js'
import { signOut } from '../signOut.js'
import { startEmulator } from '../startEmulator.js'
import type { Emulator, EmulatorApp } from '../types.js'

let emulator: Emulator
let app: EmulatorApp
let other: EmulatorApp
beforeAll(async () => {
  emulator = await startEmulator()
  ;[app, other] = emulator.apps as unknown as [EmulatorApp, EmulatorApp]
})
afterAll(() => emulator.stop())

const SERVICE = 'http://localhost:3000/cas?return=%2Fhome'
const loginUrl = (more = '', service = SERVICE) =>
  `${emulator.appHost}/cas-idp/${app.appId}?service=${encodeURIComponent(service)}${more}`
const ticketOf = async (...args: Parameters<typeof signIn>) =>
  new URL((await signIn(...args)).url).searchParams.get('ticket') ?? ''
const check = async (path: string, query: Record<string, string>, at = app) =>
  (await get(emulator, `/cas-idp/${at.appId}/${path}?${new URLSearchParams(query).toString()}`)).text

describe('CAS', () => {
  it('signs in and comes back to the service with a ticket', async () => {
    const { url } = await signIn(loginUrl(), { user: 'alice' })
    expect(url).toMatch(/^http:\/\/localhost:3000\/cas\?return=%2Fhome&ticket=ST-[\w-]{32}$/)
  })

  it('checks a ticket in one line, once', async () => {
    const ticket = await ticketOf(loginUrl(), { user: 'alice' })
    expect(await check('validate', { service: SERVICE, ticket })).toBe('yes\nalice\n')
    expect(await check('validate', { service: SERVICE, ticket })).toBe('no\n\n')
  })

  it('checks a ticket in XML', async () => {
    const ticket = await ticketOf(loginUrl(), { user: 'a<b' })
    const xml = await check('serviceValidate', { service: SERVICE, ticket })
    expect(xml).toContain('<cas:authenticationSuccess><cas:user>a&#60;b</cas:user>')
    expect(xml).toContain('xmlns:cas="http://www.yale.edu/tp/cas"')
    expect(await check('serviceValidate', { service: SERVICE, ticket, format: 'XML' })).toContain(
      'code="INVALID_TICKET"',
    )
  })

  it('checks a ticket in JSON', async () => {
    const ticket = await ticketOf(loginUrl(), { user: 'alice' })
    const answer = async () => JSON.parse(await check('serviceValidate', { service: SERVICE, ticket, format: 'JSON' }))
    expect(await answer()).toEqual({ serviceResponse: { authenticationSuccess: { user: 'alice' } } })
    expect(await answer()).toMatchObject({ serviceResponse: { authenticationFailure: { code: 'INVALID_TICKET' } } })
  })

  it('takes a ticket from its own service and its own application only, and spends it all the same', async () => {
    const elsewhere = await ticketOf(loginUrl())
    const wrong = { service: 'http://localhost:3000/', ticket: elsewhere }
    expect(await check('serviceValidate', wrong)).toContain('INVALID_SERVICE')
    expect(await check('validate', { ...wrong, service: SERVICE })).toBe('no\n\n')
    const stolen = { service: SERVICE, ticket: await ticketOf(loginUrl()) }
    expect(await check('serviceValidate', stolen, other)).toContain('INVALID_TICKET')
  })

  it('wants service and ticket', async () => {
    expect(await check('serviceValidate', { service: SERVICE })).toContain('INVALID_REQUEST')
    expect(await check('validate', { ticket: 'ST-1' })).toBe('no\n\n')
  })

  it('sends nobody to a service at another origin', async () => {
    for (const service of ['http://evil.example/', 'javascript:alert(1)', 'nonsense']) {
      await expect(signIn(loginUrl('', service))).rejects.toThrow(/HTTP 400: INVALID_SERVICE/)
    }
  })

  it('signs in once for several services', async () => {
    const cookies = new Map<string, string>()
    await signIn(loginUrl(), { cookies, user: 'erin' })
    const ticket = await ticketOf(loginUrl(), { cookies, user: 'mallory' })
    expect(await check('validate', { service: SERVICE, ticket })).toBe('yes\nerin\n')
  })

  it('asks again with renew, and asks nobody with gateway', async () => {
    const cookies = new Map<string, string>()
    expect((await signIn(loginUrl('&gateway=true'), { cookies })).url).toBe(SERVICE)
    await signIn(loginUrl(), { cookies, user: 'erin' })
    const ticket = await ticketOf(loginUrl('&renew=true'), { cookies, user: 'frank' })
    expect(await check('validate', { service: SERVICE, ticket })).toBe('yes\nfrank\n')
  })

  it('comes back without a ticket when the person cancels', async () => {
    expect((await signIn(loginUrl(), { deny: true })).url).toBe(SERVICE)
  })

  it('signs in without a service, too', async () => {
    const { text } = await get(emulator, `/cas-idp/${app.appId}`)
    expect(text).toContain('Sign in')
  })

  it.each([
    ['/cas-idp/logout', 'url'],
    ['/cas-idp/APP/logout', 'service'],
    ['/login/profile/logout', 'redirect_uri'],
  ])('signs out at %s', async (path, name) => {
    const cookies = new Map<string, string>()
    await signIn(loginUrl(), { cookies, user: 'erin' })
    const url = `${emulator.appHost}${path.replace('APP', app.appId)}?${name}=${encodeURIComponent('http://localhost:3000/bye')}`
    expect(await signOut(url, { cookies })).toEqual({ url: 'http://localhost:3000/bye' })
    expect((await signIn(loginUrl('&gateway=true'), { cookies })).url).toBe(SERVICE)
  })

  it('tells by the cookie whose session it is, until it is signed out of or over', async () => {
    const cookies = new Map<string, string>()
    const ask = async (cookie?: string, origin?: string) =>
      get(emulator, '/cas/session', { ...(cookie && { cookie }), ...(origin && { origin }) })
    const cookieOf = () => [...cookies].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ')
    for (const none of [undefined, 'genauth_cas_session=unknown']) expect((await ask(none)).json).toBe(null)
    await signIn(loginUrl(), { cookies, user: 'erin' })
    const { headers, json } = await ask(cookieOf(), 'http://localhost:3000')
    expect(json).toMatchObject({
      session: { cookie: { appId: app.appId, type: 'cas', userId: json.userInfo.sub } },
      userInfo: { username: 'erin' },
    })
    // What opens the session is told to nobody, and a page elsewhere reads nothing.
    expect(JSON.stringify(json)).not.toContain([...cookies.values()][0])
    expect(headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
    expect(headers.get('access-control-allow-credentials')).toBe('true')
    expect((await ask(cookieOf(), 'http://evil.example')).headers.get('access-control-allow-origin')).toBe(null)
    const old = cookieOf()
    await signOut(`${emulator.appHost}/cas-idp/logout`, { cookies })
    expect((await ask(old)).json).toBe(null)
  })

  it('lets a session end after its time', async () => {
    const short = await startEmulator({ ttl: { session: 60 } })
    try {
      const cookies = new Map<string, string>()
      await signIn(`${short.appHost}/cas-idp/${short.config.appId}?service=${encodeURIComponent(SERVICE)}`, { cookies })
      const cookie = [...cookies].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ')
      expect((await get(short, '/cas/session', { cookie })).json).toHaveProperty('session')
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
      expect((await get(short, '/cas/session', { cookie })).json).toBe(null)
    } finally {
      vi.useRealTimers()
      await short.stop()
    }
  })

  it('knows its applications and its paths', async () => {
    expect((await get(emulator, '/cas-idp/unknown')).status).toBe(404)
    expect((await get(emulator, `/cas-idp/${app.appId}/proxy`)).status).toBe(404)
  })
})

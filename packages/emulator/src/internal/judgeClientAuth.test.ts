import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorizeUrl, basic, OFFLINE, paramsOf, post, signInForTokens, type Answer } from '../../test/walk.js'
import { signIn } from '../signIn.js'
import { startEmulator } from '../startEmulator.js'
import type { Emulator, EmulatorApp, EndpointAuthMethod } from '../types.js'

const METHODS: readonly EndpointAuthMethod[] = ['client_secret_post', 'client_secret_basic', 'none']
const ENDPOINTS = {
  token: '/oidc/token',
  introspection: '/oidc/token/introspection',
  revocation: '/oidc/token/revocation',
}
// Characters that the two readings of a Basic header take differently.
const SECRET = 'a+secret/with=odd&chars: %41 and blanks'

const COMBINATIONS = METHODS.flatMap((token) =>
  METHODS.flatMap((introspection) => METHODS.map((revocation) => ({ token, introspection, revocation }))),
)

let emulator: Emulator
let spa: EmulatorApp
beforeAll(async () => {
  emulator = await startEmulator({
    apps: [...COMBINATIONS.map((authMethods) => ({ authMethods, secret: SECRET })), { public: true }],
  })
  spa = emulator.apps.at(-1) as EmulatorApp
})
afterAll(() => emulator.stop())

const call = (app: EmulatorApp, endpoint: keyof typeof ENDPOINTS, method: EndpointAuthMethod, body: object) => {
  const secret = app.secret ?? ''
  const without = { client_id: undefined, client_secret: undefined, ...body }
  if (method === 'client_secret_basic') {
    return post(emulator, ENDPOINTS[endpoint], without, app, { authorization: basic(app.appId, secret) })
  }
  const more = method === 'none' ? { client_secret: undefined } : {}
  return post(emulator, ENDPOINTS[endpoint], { ...more, ...body }, app)
}

const refused = ({ status, json }: Answer): boolean => status === 401 && json.error === 'invalid_client'

describe('the methods of the three endpoints, each apart from the others', () => {
  it.each(COMBINATIONS)('token $token, introspection $introspection, revocation $revocation', async (methods) => {
    const app = emulator.apps[COMBINATIONS.indexOf(methods)] as EmulatorApp
    const code = paramsOf(await signIn(authorizeUrl(emulator, OFFLINE, app))).get('code') ?? ''
    const exchange = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUris[0] }
    const wrong = (right: EndpointAuthMethod) => METHODS.filter((method) => method !== right)

    for (const method of wrong(methods.token)) expect(refused(await call(app, 'token', method, exchange))).toBe(true)
    const { json, status } = await call(app, 'token', methods.token, exchange)
    expect(status).toBe(200)

    const token = json.access_token
    for (const method of wrong(methods.introspection)) {
      expect(refused(await call(app, 'introspection', method, { token }))).toBe(true)
    }
    expect((await call(app, 'introspection', methods.introspection, { token })).json).toMatchObject({ active: true })

    for (const method of wrong(methods.revocation)) {
      expect(refused(await call(app, 'revocation', method, { token }))).toBe(true)
    }
    expect((await call(app, 'introspection', methods.introspection, { token })).json).toMatchObject({ active: true })
    expect((await call(app, 'revocation', methods.revocation, { token })).status).toBe(200)
    expect((await call(app, 'introspection', methods.introspection, { token })).json).toEqual({ active: false })
  })
})

describe('client_secret_basic', () => {
  const app = () =>
    emulator.apps.find(({ authMethods }) => authMethods.introspection === 'client_secret_basic') as EmulatorApp
  const introspect = (authorization: string, body: Record<string, string> = {}) =>
    post(emulator, ENDPOINTS.introspection, { token: 'unknown', ...body }, app(), { authorization })

  it("is read raw, as GenAuth's SDKs send it, and form-encoded, as the RFC has it", async () => {
    const encoded = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)
    for (const secret of [SECRET, encoded(SECRET)]) {
      expect((await introspect(basic(app().appId, secret))).json).toEqual({ active: false })
    }
  })

  it('is read as oauth4webapi writes it', async () => {
    const headers = new Headers()
    const client = { client_id: app().appId }
    await oauth.ClientSecretBasic(SECRET)({ issuer: emulator.issuer }, client, new URLSearchParams(), headers)
    expect((await introspect(headers.get('authorization') ?? '')).status).toBe(200)
  })

  it('takes the client_id in the body too, when it is the same', async () => {
    const right = basic(app().appId, SECRET)
    expect((await introspect(right, { client_id: app().appId })).status).toBe(200)
    expect((await introspect(right, { client_id: spa.appId })).json.error).toBe('invalid_request')
  })

  it('refuses a wrong secret, and says how to authenticate', async () => {
    const answer = await introspect(basic(app().appId, 'wrong'))
    expect(refused(answer)).toBe(true)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
  })

  it.each(['Basic', 'Basic !!!', 'Bearer abc', `Basic ${Buffer.from('no colon').toString('base64')}`])(
    'refuses a header like %s',
    async (header) => {
      const answer = await introspect(header, { client_id: app().appId })
      expect([400, 401]).toContain(answer.status)
    },
  )
})

describe('an application', () => {
  it('may not authenticate in two ways at once', async () => {
    for (const app of emulator.apps.slice(0, 27)) {
      const { appId } = app
      const headers = { authorization: basic(appId, SECRET) }
      const answer = await post(emulator, ENDPOINTS.token, { client_id: appId, client_secret: SECRET }, app, headers)
      expect([answer.status, answer.json.error]).toEqual([400, 'invalid_request'])
    }
  })

  it('may not name itself or its secret twice', async () => {
    const body = new URLSearchParams({ client_id: emulator.apps[0].appId, client_secret: SECRET, token: 'a' })
    body.append('client_secret', SECRET)
    const answer = await fetch(emulator.appHost + ENDPOINTS.introspection, { method: 'POST', body })
    expect(answer.status).toBe(400)
  })

  it('that is unknown is refused', async () => {
    const answer = await post(emulator, ENDPOINTS.token, { client_id: 'unknown', grant_type: 'refresh_token' })
    expect(refused(answer)).toBe(true)
  })

  it('that sends JSON is refused', async () => {
    const answer = await fetch(emulator.appHost + ENDPOINTS.token, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: emulator.apps[0].appId, client_secret: SECRET }),
    })
    expect(answer.status).toBe(400)
  })
})

describe('a public application', () => {
  it('uses every endpoint without a secret', async () => {
    const { tokens } = await signInForTokens(emulator, OFFLINE, spa)
    expect((await call(spa, 'introspection', 'none', { token: tokens.refresh_token })).json.active).toBe(true)
    expect((await call(spa, 'revocation', 'none', { token: tokens.refresh_token })).status).toBe(200)
    expect((await call(spa, 'introspection', 'none', { token: tokens.refresh_token })).json).toEqual({ active: false })
  })

  it('is refused with a secret', async () => {
    const answer = await post(emulator, ENDPOINTS.introspection, { token: 'a', client_secret: 'made up' }, spa)
    expect(refused(answer)).toBe(true)
  })

  it('is answered across origins, at the origin of its redirect URI and at no other', async () => {
    const { origin } = new URL(spa.redirectUris[0])
    const ask = (from: string) =>
      post(emulator, ENDPOINTS.token, { grant_type: 'refresh_token', refresh_token: 'unknown' }, spa, { origin: from })
    const home = await ask(origin)
    expect([home.json.error, home.headers.get('access-control-allow-origin')]).toEqual(['invalid_grant', origin])
    const away = await ask('http://localhost:9')
    expect([away.json.error, away.headers.get('access-control-allow-origin')]).toEqual(['invalid_request', null])
    const refusal = await post(emulator, ENDPOINTS.token, { client_secret: 'made up' }, spa, { origin })
    expect([refusal.status, refusal.headers.get('access-control-allow-origin')]).toEqual([401, origin])
  })

  it('gets its preflight answered', async () => {
    const answer = await fetch(emulator.appHost + ENDPOINTS.token, {
      method: 'OPTIONS',
      headers: {
        origin: new URL(spa.redirectUris[0]).origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST')
  })
})

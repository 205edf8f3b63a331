import { describe, expect, it } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { appHost } from './appHost.js'
import { appId } from './appId.js'
import { authMethod } from './authMethod.js'
import { endpoint } from './endpoint.js'
import { issuer } from './issuer.js'
import { tolerance } from './tolerance.js'
import type { Config } from './types.js'
import { vendorUrl } from './vendorUrl.js'

const host = 'https://sample-app.genauth.ai'
const config = (fields: object = {}) => ({ appId: 'app', appHost: host, ...fields }) as Config
const path = async (run: () => unknown) => (await failure(run, 'config_invalid')).issues[0]?.path

describe('the address of an endpoint', () => {
  it('is a route of GenAuth below /oidc, or below /oauth for that protocol', () => {
    expect(endpoint(config(), 'token', 'token').href).toBe(`${host}/oidc/token`)
    expect(endpoint(config({ protocol: 'oidc' }), 'userInfo', 'me').href).toBe(`${host}/oidc/me`)
    expect(endpoint(config({ protocol: 'oauth' }), 'token', 'token').href).toBe(`${host}/oauth/token`)
  })

  it('is the one that the config names, before any route, query and all', () => {
    const endpoints = { token: 'https://id.example.com/token?tenant=1' }
    expect(endpoint(config({ endpoints }), 'token', 'token').href).toBe(endpoints.token)
    expect(endpoint(config({ endpoints }), 'userInfo', 'me').href).toBe(`${host}/oidc/me`)
  })

  it('is never guessed for another provider, but asked for by name [H77]', async () => {
    const other = { appId: 'app', issuer: 'https://id.example.com' } as Config
    expect(await path(() => endpoint(other, 'introspection', 'token/introspection'))).toBe('endpoints.introspection')
    expect(await path(() => endpoint({} as Config, 'token', 'token'))).toBe('endpoints.token')
  })

  it('is a fresh object at each call', () => {
    const first = endpoint(config(), 'authorization', 'auth')
    first.searchParams.set('state', 'of one user')
    expect(endpoint(config(), 'authorization', 'auth').search).toBe('')
  })

  it.each(['http://id.example.com/token', 'javascript:alert(1)', '/token', 5, {}])(
    'is refused in a config that nobody parsed: %s [R10]',
    async (token) => {
      expect(await path(() => endpoint(config({ endpoints: { token } }), 'token', 'token'))).toBe('endpoints.token')
      expect(await path(() => endpoint(config({ appHost: token }), 'token', 'token'))).toBe('appHost')
    },
  )
})

describe('an address of GenAuth alone', () => {
  it('stands on the host, whose trailing slashes do not count', () => {
    expect(vendorUrl(config({ appHost: `${host}//` }), '/login/profile/logout').href).toBe(
      `${host}/login/profile/logout`,
    )
    expect(appHost(config({ appHost: `${host}/` }))).toBe(host)
  })

  it('needs appHost, and says so [R6]', async () => {
    const other = { appId: 'app', issuer: 'https://id.example.com' } as Config
    expect(await path(() => vendorUrl(other, '/x'))).toBe('appHost')
    for (const wrong of ['', null, 5, {}, Symbol('host')]) {
      expect(await path(() => appHost(config({ appHost: wrong })))).toBe('appHost')
      expect(await path(() => vendorUrl(config({ appHost: wrong }), '/x'))).toBe('appHost')
    }
    expect(await path(() => appHost(undefined as never))).toBe('appHost')
  })
})

describe('the issuer', () => {
  it("is GenAuth's own, by protocol, or the one that is named, character for character", () => {
    expect(issuer(config())).toBe(`${host}/oidc`)
    expect(issuer(config({ appHost: `${host}/` }))).toBe(`${host}/oidc`)
    expect(issuer(config({ protocol: 'oauth' }))).toBe(`${host}/oauth`)
    expect(issuer(config({ issuer: 'https://id.example.com/' }))).toBe('https://id.example.com/')
  })

  it('refuses when a config written by hand names none [R10]', async () => {
    expect(await path(() => issuer({ appId: 'app' } as Config))).toBe('appHost')
    for (const wrong of ['', null, 0, {}, ['https://id.example.com']])
      expect(await path(() => issuer(config({ issuer: wrong })))).toBe('issuer')
    expect(await path(() => issuer(undefined as never))).toBe('appHost')
  })
})

describe('the app id', () => {
  it('refuses when a config written by hand has none [R10]', async () => {
    expect(appId(config())).toBe('app')
    for (const wrong of [undefined, '', null, 5, ['app'], Symbol('app')])
      expect(await path(() => appId(config({ appId: wrong })))).toBe('appId')
    for (const nothing of [undefined, null, 5]) expect(await path(() => appId(nothing as never))).toBe('appId')
  })
})

describe('the client authentication of an endpoint', () => {
  const secret = 'a-secret'
  it.each([
    ['token', { secret }, 'client_secret_post'],
    ['token', {}, 'none'],
    ['revocation', { secret }, 'client_secret_post'],
    ['revocation', {}, 'none'],
    ['introspection', { secret }, 'client_secret_post'],
    ['introspection', { introspectionEndpointAuthMethod: 'none' }, 'none'],
    ['token', { secret, tokenEndpointAuthMethod: 'none' }, 'none'],
    ['token', { secret, tokenEndpointAuthMethod: 'client_secret_basic' }, 'client_secret_basic'],
    ['revocation', { secret, tokenEndpointAuthMethod: 'client_secret_basic' }, 'client_secret_post'],
    ['introspection', { secret, tokenEndpointAuthMethod: 'none' }, 'client_secret_post'],
  ] as const)('at %s with %j is %s, apart from the others', (at, fields, method) => {
    expect(authMethod(config(fields), at)).toBe(method)
  })

  it('can be a function', () => {
    const method = () => {}
    expect(authMethod(config({ tokenEndpointAuthMethod: method }), 'token')).toBe(method)
  })

  it('asks for a secret by name where it needs one [M111]', async () => {
    expect(await path(() => authMethod(config(), 'introspection'))).toBe('secret')
    expect(await path(() => authMethod(config({ tokenEndpointAuthMethod: 'client_secret_basic' }), 'token'))).toBe(
      'secret',
    )
  })

  it.each(['basic', '', 'None', 5, null, {}, ['client_secret_post'], Symbol('none'), Object.create(null) as object])(
    'is never guessed from %o [R10]',
    async (method) => {
      const field = 'tokenEndpointAuthMethod'
      expect(await path(() => authMethod(config({ secret, [field]: method }), 'token'))).toBe(field)
    },
  )
})

describe('the tolerance of clocks', () => {
  it.each([
    [undefined, 30],
    [0, 0],
    [120, 120],
    [300, 300],
    [301, 300],
    [1e9, 300],
    [-1, 30],
    [NaN, 30],
    [Infinity, 30],
    ['60', 30],
    [null, 30],
    [Symbol('s'), 30],
  ])('%s counts as %d seconds [R10]', (clockTolerance, seconds) => {
    expect(tolerance(config({ clockTolerance }))).toBe(seconds)
  })
})

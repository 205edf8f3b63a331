import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failure, leaks } from '../../../tests/support/failure.js'
import { defineConfig } from './defineConfig.js'
import { isOidcError } from './isOidcError.js'
import type { ConfigInput } from './types.js'

const appId = '5f17a529f64fb009b794a2ff'
const appHost = 'https://sample-app.genauth.ai'
const secret = 'marked-secret-of-the-application-3f9a1c'
const good = { appId, appHost, secret } as const
const define = (input: unknown) => defineConfig(input as ConfigInput<'oidc'>)
/** The paths that are complained of, sorted. */
const wrong = async (input: unknown) => {
  const { issues, message } = await failure(() => define(input), 'config_invalid')
  for (const { path } of issues) expect(message).toContain(path)
  return issues.map(({ path }) => path).sort()
}

const everything = {
  appId,
  appHost,
  issuer: 'https://sample-app.genauth.ai/oidc',
  endpoints: {
    authorization: 'https://id.example.com/auth?tenant=1',
    token: 'https://id.example.com/token',
    userInfo: 'https://id.example.com/me',
    jwks: 'https://id.example.com/jwks',
    introspection: 'https://id.example.com/introspect',
    revocation: 'https://id.example.com/revoke',
    endSession: 'https://id.example.com/end',
  },
  secret: () => secret,
  redirectUri: 'https://app.example.com/callback?a=b',
  protocol: 'oidc',
  tokenEndpointAuthMethod: 'client_secret_basic',
  introspectionEndpointAuthMethod: 'client_secret_post',
  revocationEndpointAuthMethod: () => {},
  idTokenSigningAlgs: ['RS256', 'ES256'],
  requireIss: true,
  allowInsecureRequests: false,
  clockTolerance: 0,
  timeout: 0,
  fetch: globalThis.fetch,
} as const satisfies ConfigInput<'oidc'>

describe('defineConfig', () => {
  it('takes the least that GenAuth needs, and fills in no default', () => {
    expect(define({ appId, appHost })).toEqual({ appId, appHost })
  })

  it('takes every field, and gives each back as it was', () => {
    expect(define(everything)).toEqual(everything)
  })

  it('takes an issuer in place of the host, for another provider', () => {
    expect(define({ appId, issuer: 'https://id.example.com/' })).toEqual({ appId, issuer: 'https://id.example.com/' })
  })

  it.each(['oidc', 'oauth', 'saml', 'cas'])('takes protocol %s', (protocol) => {
    expect(define({ ...good, protocol })).toMatchObject({ protocol })
  })

  it('strips slashes from the end of the host, and touches no other address', () => {
    const config = define({ appId, appHost: `${appHost}///`, issuer: 'https://id.example.com/' })
    expect(config).toMatchObject({ appHost, issuer: 'https://id.example.com/' })
  })

  it('is frozen, down to its lists', () => {
    const config = define(everything)
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.endpoints)).toBe(true)
    expect(Object.isFrozen(config.idTokenSigningAlgs)).toBe(true)
    expect(() => Object.assign(config, { appId: 'another' })).toThrow(TypeError)
  })

  it('leaves the input as it was, and does not follow its later changes', () => {
    const input = { ...good, endpoints: { token: 'https://id.example.com/token' }, idTokenSigningAlgs: ['RS256'] }
    const config = define(input)
    input.endpoints.token = 'https://evil.example.com/token'
    input.idTokenSigningAlgs.push('none')
    Object.assign(input, { appId: 'another' })
    expect(config).toMatchObject({
      appId,
      endpoints: { token: 'https://id.example.com/token' },
      idTokenSigningAlgs: ['RS256'],
    })
    expect(Object.isFrozen(input)).toBe(false)
  })

  it('never shows a secret: not to inspect, not to JSON, not to a string [I88]', () => {
    const config = define(good)
    expect(inspect(config, { depth: Infinity, showHidden: true })).not.toContain(secret)
    expect(JSON.stringify(config)).not.toContain(secret)
    expect(String(config.secret)).not.toContain(secret)
    expect(typeof config.secret).toBe('function')
    expect((config.secret as () => string)()).toBe(secret)
  })

  it('keeps a secret that is a function, which is asked when it is needed', () => {
    let asked = 0
    const store = () => `${(asked += 1)}`
    expect(define({ ...good, secret: store }).secret).toBe(store)
    expect(asked).toBe(0)
  })
})

describe('what defineConfig refuses', () => {
  it.each(['appId', 'appHost', 'issuer', 'secret'])(
    'is %s given as undefined or empty: an unset variable makes no public client',
    async (field) => {
      const input = { ...good, issuer: 'https://id.example.com' }
      for (const value of [undefined, '', null, 0, false])
        expect(await wrong({ ...input, [field]: value }), String(value)).toEqual([field])
    },
  )

  it('is a config without an app id, without any provider, without anything', async () => {
    expect(await wrong({ appHost })).toEqual(['appId'])
    expect(await wrong({ appId })).toEqual(['appHost'])
    expect(await wrong({})).toEqual(['appHost', 'appId'])
    for (const nothing of [undefined, null, 5, 'text', true, [], Symbol('config'), () => good, new Map(), 5n])
      expect(isOidcError(await failure(() => define(nothing)), 'config_invalid'), inspect(nothing)).toBe(true)
  })

  it('is a misspelt field, rather than to ignore it', async () => {
    expect(await wrong({ ...good, tokenEndPointAuthMethod: 'none' })).toEqual(['tokenEndPointAuthMethod'])
    expect(await wrong({ ...good, endpoints: { Token: 'https://id.example.com' } })).toEqual(['endpoints.Token'])
    expect(await wrong(JSON.parse(`{"appId":"${appId}","appHost":"${appHost}","__proto__":{"timeout":1}}`))).toEqual([
      '__proto__',
    ])
    for (const inherited of ['constructor', 'toString', 'valueOf'])
      expect(await wrong({ ...good, [inherited]: 1 })).toEqual([inherited])
  })

  const types: Record<string, unknown[]> = {
    appId: [5, {}, [], true, () => appId],
    appHost: [
      5,
      {},
      [appHost],
      'sample-app.genauth.ai',
      '/oidc',
      'http://sample-app.genauth.ai',
      `${appHost}?a=b`,
      'ftp://a.b',
    ],
    issuer: [5, {}, 'id.example.com', 'http://id.example.com', 'https://id.example.com?a', 'https://id.example.com/#a'],
    secret: [5, {}, [secret], true],
    endpoints: [5, 'https://id.example.com', true, null, () => ({})],
    'endpoints.token': [
      5,
      {},
      'id.example.com',
      '/token',
      'http://id.example.com/token',
      'https://u:p@id.example.com/',
      null,
    ],
    'endpoints.authorization': ['javascript:alert(1)', 'data:,a', 'https://id.example.com/#a'],
    'endpoints.userInfo': [''],
    'endpoints.jwks': ['file:///etc/keys'],
    'endpoints.introspection': ['//id.example.com'],
    'endpoints.revocation': ['https://'],
    'endpoints.endSession': ['https://user@id.example.com/'],
    redirectUri: [
      5,
      '',
      '/callback',
      'javascript:alert(1)',
      'https://app.example.com/#a',
      'https://u:p@app.example.com/',
      null,
    ],
    protocol: ['OIDC', 'openid', '', 5, null, ['oidc']],
    tokenEndpointAuthMethod: ['basic', 'private_key_jwt', '', 5, null, ['none'], 'none '],
    introspectionEndpointAuthMethod: ['post', {}],
    revocationEndpointAuthMethod: ['CLIENT_SECRET_POST', true],
    idTokenSigningAlgs: [
      [],
      'RS256',
      ['none'],
      ['None'],
      ['RS256', 'none'],
      ['HS256', 5],
      ['RS1'],
      {},
      null,
      [['RS256']],
    ],
    requireIss: ['true', 1, null],
    allowInsecureRequests: ['true', 1, 0, null],
    clockTolerance: [-1, 301, NaN, Infinity, '30', null, 30n],
    timeout: [-1, NaN, Infinity, '10', null, 2 ** 31, Symbol('ms')],
    fetch: ['fetch', {}, null],
  }
  it.each(Object.keys(types))('is %s of the wrong kind, named in the error', async (path) => {
    const [field = '', part] = path.split('.')
    for (const value of types[path] ?? [])
      expect(await wrong({ ...good, [field]: part ? { [part]: value } : value }), inspect(value)).toEqual([path])
  })

  it.each(['tokenEndpointAuthMethod', 'introspectionEndpointAuthMethod', 'revocationEndpointAuthMethod'])(
    'is a missing secret while %s needs one',
    async (field) => {
      for (const method of ['client_secret_post', 'client_secret_basic'])
        expect(await wrong({ appId, appHost, [field]: method })).toEqual(['secret'])
      expect(define({ appId, appHost, [field]: 'none' })).toHaveProperty(field, 'none')
    },
  )

  it('is told all at once', async () => {
    expect(
      await wrong({ appId: undefined, appHost: 'nowhere', timeout: -1, endpoints: { token: 'x' }, extra: 1 }),
    ).toEqual(['appHost', 'appId', 'endpoints.token', 'extra', 'timeout'])
  })

  it('is told without a value of any field [O123]', async () => {
    const marked = `https://user:${secret}@id.example.com`
    const error = await failure(
      () =>
        define({
          appId: { secret },
          appHost: marked,
          issuer: marked,
          secret: [secret],
          endpoints: { token: marked },
          redirectUri: `data:,${secret}`,
          protocol: secret,
          idTokenSigningAlgs: [secret],
          clockTolerance: secret,
          fetch: secret,
        }),
      'config_invalid',
    )
    expect(error.issues.length).toBeGreaterThan(8)
    expect(leaks(error, [secret])).toEqual([])
  })
})

describe('http', () => {
  const local = 'http://127.0.0.1:3000'
  it('is for this machine only, and only when it is allowed [H76]', async () => {
    expect(await wrong({ appId, appHost: local })).toEqual(['appHost'])
    expect(define({ appId, appHost: local, allowInsecureRequests: true })).toMatchObject({ appHost: local })
    expect(await wrong({ appId, appHost: 'http://id.example.com', allowInsecureRequests: true })).toEqual(['appHost'])
    expect(await wrong({ appId, appHost: local, allowInsecureRequests: 'yes' })).toEqual([
      'allowInsecureRequests',
      'appHost',
    ])
    expect(await wrong({ ...good, endpoints: { token: local } })).toEqual(['endpoints.token'])
    const endpoints = { token: `${local}/token` }
    expect(define({ ...good, endpoints, allowInsecureRequests: true })).toMatchObject({ endpoints })
  })
})

describe('a hostile input', () => {
  it('is read once: what a getter gives later is not what was checked', () => {
    let reads = 0
    const trap = (field: string, first: unknown, later: unknown) =>
      Object.defineProperty({}, field, { enumerable: true, get: () => (reads++ ? later : first) })
    const input: object = trap('appHost', appHost, 'http://evil.example.com')
    Object.defineProperty(input, 'appId', { enumerable: true, value: appId })
    expect(define(input).appHost).toBe(appHost)
    expect(reads).toBe(1)

    reads = 0
    const endpoints = trap('token', 'https://id.example.com', 'http://evil.example.com')
    expect(define({ ...good, endpoints }).endpoints).toEqual({ token: 'https://id.example.com' })
    expect(reads).toBe(1)

    let asked = 0
    const algs = new Proxy(['RS256'], {
      get: (target, key, self) => (key === '0' && asked++ ? 'none' : (Reflect.get(target, key, self) as unknown)),
    })
    expect(define({ ...good, idTokenSigningAlgs: algs }).idTokenSigningAlgs).toEqual(['RS256'])
  })

  it.each([
    [
      'a getter that throws',
      {
        ...good,
        get timeout() {
          throw new Error(secret)
        },
      },
    ],
    [
      'one of the endpoints that throws',
      {
        ...good,
        endpoints: {
          get token() {
            throw new Error(secret)
          },
        },
      },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error(secret)
          },
        },
      ),
    ],
    [
      'a revoked proxy',
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      })(),
    ],
    ['a value without a primitive form', { ...good, tokenEndpointAuthMethod: Object.create(null) as unknown }],
    [
      'a list that throws',
      {
        ...good,
        idTokenSigningAlgs: new Proxy([], {
          get: () => {
            throw new Error(secret)
          },
        }),
      },
    ],
  ])('is refused like any other: %s', async (_, input) => {
    const error = await failure(() => define(input), 'config_invalid')
    expect(leaks(error, [secret])).toEqual([])
  })

  it('may have no prototype, or be frozen', () => {
    expect(define(Object.assign(Object.create(null), good))).toMatchObject({ appId, appHost })
    expect(define(Object.freeze({ ...good }))).toMatchObject({ appId, appHost })
  })

  it('does not count what it inherits', async () => {
    expect(await wrong(Object.create(good))).toEqual(['appHost', 'appId'])
  })
})

describe('any input at all', () => {
  const value = fc.oneof(
    fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true, withMap: true, withSet: true }),
    fc.constantFrom(appHost, appId, 'none', 'client_secret_post', 'HS256', undefined, Symbol('any'), ['RS256']),
    fc.webUrl(),
  )
  const fields = fc.constantFrom(...Object.keys(everything), 'unknown', '__proto__')

  it('gives a frozen config or config_invalid, and nothing else', () =>
    fc.assert(
      fc.property(fc.oneof(value, fc.dictionary(fields, value)), fc.boolean(), (input, complete) => {
        const given = complete && typeof input === 'object' ? { ...good, ...input } : input
        try {
          const config = define(given)
          expect(Object.isFrozen(config)).toBe(true)
          expect(config.endpoints === undefined || Object.isFrozen(config.endpoints)).toBe(true)
        } catch (error) {
          expect(isOidcError(error, 'config_invalid') ? 'config_invalid' : error).toBe('config_invalid')
        }
      }),
      { numRuns: 500 },
    ))
})

import { randomInt } from 'node:crypto'
import { connect } from 'node:net'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { authorizeUrl, post, signInForTokens } from '../test/walk.js'
import { signIn } from './signIn.js'
import { startEmulator } from './startEmulator.js'
import type { Emulator, EmulatorOptions } from './types.js'

describe('a running emulator', () => {
  let emulator: Emulator
  beforeAll(async () => {
    emulator = await startEmulator()
  })
  afterAll(() => emulator.stop())

  it('has two applications, each with a secret that HS256 can use', () => {
    expect(emulator.apps).toHaveLength(2)
    for (const app of emulator.apps) {
      expect(app.secret?.length).toBeGreaterThanOrEqual(32)
      expect(app.idTokenSigningAlg).toBe('HS256')
    }
    expect(new Set(emulator.apps.map(({ appId }) => appId)).size).toBe(2)
    expect(new Set(emulator.apps.map(({ secret }) => secret)).size).toBe(2)
  })

  it('hands out a config that says nothing that is default', () => {
    expect(emulator.config).toEqual({
      appId: emulator.apps[0].appId,
      appHost: `http://127.0.0.1:${emulator.port}`,
      secret: emulator.apps[0].secret,
      redirectUri: 'http://localhost:3000/callback',
      protocol: 'oidc',
      allowInsecureRequests: true,
    })
    expect(emulator.issuer).toBe(`${emulator.appHost}/oidc`)
  })

  it('gives tokens of the shape that GenAuth documents', async () => {
    const { tokens } = await signInForTokens(emulator)
    expect(Object.keys(tokens).sort()).toEqual(['access_token', 'expires_in', 'id_token', 'scope', 'token_type'])
    expect(tokens).toMatchObject({
      expires_in: 3600,
      token_type: 'Bearer',
      scope: 'openid profile email phone address',
    })
    expect(decodeProtectedHeader(tokens.access_token)).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) })
    expect(Object.keys(decodeJwt(tokens.access_token))).toEqual(['jti', 'sub', 'iat', 'exp', 'scope', 'iss', 'aud'])
    expect(decodeJwt(tokens.access_token)['jti']).toMatch(/^[\w-]{21}$/)
    expect(decodeProtectedHeader(tokens.id_token)).toEqual({ alg: 'HS256', typ: 'JWT' })
    const claims = decodeJwt(tokens.id_token)
    expect(Object.keys(claims).slice(-6)).toEqual(['nonce', 'at_hash', 'aud', 'exp', 'iat', 'iss'])
    expect(claims).toMatchObject({ gender: 'U', name: null, updated_at: expect.stringMatching(/^\d{4}-.*Z$/) })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3599)
  })
})

describe('starting', () => {
  it('leaves the console alone', async () => {
    const written = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
    const emulator = await startEmulator()
    await signInForTokens(emulator, { scope: 'openid offline_access', prompt: 'consent' })
    await emulator.stop()
    for (const spy of written) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  it('takes the port it is told', async () => {
    const first = await startEmulator()
    await first.stop()
    const second = await startEmulator({ port: first.port })
    expect(second.port).toBe(first.port)
    await expect(startEmulator({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await second.stop()
  })

  it('keeps two emulators in one process apart', async () => {
    const [one, two] = await Promise.all([startEmulator(), startEmulator()])
    const { tokens } = await signInForTokens(one)
    const foreign = await fetch(`${two.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
    expect(foreign.status).toBe(401)
    await Promise.all([one.stop(), two.stop()])
  })

  it('takes the first application in short form, and leaves the second', async () => {
    const secret = 'a secret of thirty-two characters'
    const emulator = await startEmulator({ appId: 'my-app', secret, redirectUri: 'http://localhost:5173/back' })
    expect(emulator.config).toMatchObject({ appId: 'my-app', secret, redirectUri: 'http://localhost:5173/back' })
    expect(emulator.apps).toHaveLength(2)
    await emulator.stop()
  })

  it('serves as many applications as it is given, each in its own way', async () => {
    const emulator = await startEmulator({
      authMethods: { token: 'client_secret_basic' },
      apps: [
        { name: 'Shop' },
        { idTokenAlg: 'RS256', authMethods: { token: 'none', revocation: 'none' } },
        { public: true, redirectUris: ['http://localhost:5173/', 'com.example.app:/callback'] },
      ],
    })
    const [shop, second, spa] = emulator.apps
    expect(shop.config).toMatchObject({ tokenEndpointAuthMethod: 'client_secret_basic' })
    expect(second?.authMethods).toEqual({ token: 'none', introspection: 'client_secret_post', revocation: 'none' })
    expect(second?.config).toMatchObject({
      tokenEndpointAuthMethod: 'none',
      revocationEndpointAuthMethod: 'none',
      idTokenSigningAlgs: ['RS256'],
    })
    expect(spa?.config).toEqual({
      appId: spa?.appId,
      appHost: emulator.appHost,
      redirectUri: 'http://localhost:5173/',
      protocol: 'oidc',
      allowInsecureRequests: true,
      introspectionEndpointAuthMethod: 'none',
    })
    await emulator.stop()
  })

  it.each<[string, EmulatorOptions, RegExp]>([
    ['a secret that is too short for HS256', { secret: 'x'.repeat(31) }, /31 octets and HS256 needs 32/],
    ['a secret outside ASCII', { secret: 'é'.repeat(40) }, /not printable ASCII/],
    ['a port that is none', { port: 65_536 }, /65536 is no port/],
    ['an app id with a blank', { appId: 'my app' }, /appId/],
    ['an empty app id', { appId: '' }, /appId/],
    ['a relative redirect URI', { redirectUri: '/callback' }, /no absolute URL/],
    ['a redirect URI with a fragment', { redirectUri: 'http://localhost/#a' }, /fragment/],
    ['a redirect URI that runs', { redirectUri: 'javascript:alert(1)' }, /scheme/],
    ['both forms of an app', { appId: 'a', apps: [{}] }, /not both/],
    ['no app', { apps: [] }, /apps is empty/],
    ['one app twice', { apps: [{ appId: 'a' }, { appId: 'a' }] }, /a names two apps/],
    ['an app without redirect URIs', { apps: [{ redirectUris: [] }] }, /no redirect URI/],
    ['a redirect URI in both forms', { apps: [{ redirectUri: 'http://a', redirectUris: ['http://a'] }] }, /both/],
    ['a public app with a secret', { apps: [{ public: true, secret: 'x'.repeat(32) }] }, /cannot have a secret/],
    ['a public app with HS256', { apps: [{ public: true, idTokenAlg: 'HS256' }] }, /use RS256/],
    [
      'a public app with a method',
      { apps: [{ public: true, authMethods: { token: 'client_secret_post' } }] },
      /no secret/,
    ],
    ['a method that is none', { authMethods: { token: 'basic' as never } }, /basic is no auth method/],
    ['an algorithm that is none', { idTokenAlg: 'none' as never }, /none is no ID token algorithm/],
    ['a lifetime of nothing', { ttl: { code: 0 } }, /ttl.code is 0/],
    ['a status that is none', { validateStatus: 99 }, /99 is no status/],
    ['no object', null as never, /must be an object/],
    ['an option that is none', { Port: 4010 } as never, /Port is no option of the emulator; there are port, /],
    ['an app that is none', { apps: [null as never] }, /apps\[0\] must be an object/],
    ['apps that are no list', { apps: {} as never }, /apps must be a list/],
    [
      'an option of an app that is none',
      { apps: [{ appID: 'a' } as never] },
      /appID is no option of apps\[0\]; there are appId, /,
    ],
    ['redirect URIs that are no list', { apps: [{ redirectUris: 'http://a' as never }] }, /must be a list/],
    ['a lifetime of what is none', { ttl: { cod: 5 } as never }, /cod is no option of ttl/],
    ['a method for no endpoint', { authMethods: { tokn: 'none' } as never }, /tokn is no option of authMethods/],
    ['a feature that is none', { features: { parr: true } as never }, /parr is no option of features/],
    ['algorithms that are no list', { features: { signingAlgs: 'ES256' as never } }, /list of PS256/],
    ['an algorithm that is no further one', { features: { signingAlgs: ['X' as never] } }, /list of PS256/],
    ['a feature that is no switch', { features: { par: 'yes' as never } }, /features.par must be true or false/],
    [
      'a mistyped key of dpop',
      { features: { dpop: { forcenonce: true } as never } },
      /forcenonce is no option of features.dpop; there are forceNonce/,
    ],
    ['a dpop that is none', { features: { dpop: 'nonce' as never } }, /features.dpop must be true, false or an object/],
    [
      'a nonce that is no switch',
      { features: { dpop: { forceNonce: 1 as never } } },
      /features.dpop.forceNonce must be true or false/,
    ],
    [
      'a mistyped key of ciba',
      { features: { ciba: { decid: () => 'deny' } as never } },
      /decid is no option of features.ciba; there are decide/,
    ],
    ['a ciba that decides nothing', { features: { ciba: {} as never } }, /features.ciba.decide must be a function/],
    [
      'resources that are no object',
      { features: { resources: ['x'] as never } },
      /features.resources must be an object/,
    ],
    [
      'a resource without a list of scopes',
      { features: { resources: { '/a': ['b'] as never } } },
      /features.resources\['\/a'\] must be a text/,
    ],
    [
      'a resource that is neither absolute nor here',
      { features: { resources: { 'api/orders': 'read' } } },
      /api\/orders is no resource/,
    ],
    ['a resource with a fragment', { features: { resources: { '/api#a': 'read' } } }, /\/api#a is no resource/],
    ['an api that is no function', { features: { api: 5 as never } }, /features.api must be a function/],
    ['scopes that are no object', { scopes: ['orders'] as never }, /scopes must be an object/],
    [
      'a scope without a list of claims',
      { scopes: { orders: 'order_ids' as never } },
      /scopes.orders must be a list of texts/,
    ],
    ['claims that are no function', { claims: {} as never }, /claims must be a function/],
    ['metadata that is no object', { apps: [{ metadata: 'x' as never }] }, /apps\[0\].metadata must be an object/],
    ['a switch that is none', { iss: 'no' as never }, /iss must be true or false/],
    ['a publicity that is none', { apps: [{ public: 'yes' as never }] }, /apps\[0\].public must be true or false/],
    ['an app id that is no text', { appId: 5 as never }, /^The emulator cannot start: appId must be a text/],
    ['a secret that is no text', { secret: 5 as never }, /^The emulator cannot start: secret must be a text/],
    [
      'a redirect URI that is no text',
      { redirectUri: 5 as never },
      /^The emulator cannot start: redirectUri must be a text/,
    ],
    [
      'redirect URIs that are no texts',
      { apps: [{ redirectUris: [5 as never] }] },
      /apps\[0\].redirectUris must be a list of texts/,
    ],
    ['an access key that is empty', { apps: [{ accessKey: '' }] }, /accessKey of .* is empty/],
    ['a listener that is none', { onRequest: 'log' as never }, /onRequest must be a function/],
    ['methods that are no object', { authMethods: 'none' as never }, /authMethods must be an object/],
    ['a port that is a text', { port: '4010' as never }, /4010 is no port/],
    ['issuers that are none', { features: { jwtBearer: {} as never } }, /features.jwtBearer.issuers must be an object/],
    [
      'an issuer without keys',
      { features: { jwtBearer: { issuers: { 'https://a.example': [] as never } } } },
      /must be a JWKS/,
    ],
    [
      'types that are no list',
      { features: { authorizationDetails: 'payment' as never } },
      /features.authorizationDetails must be a list/,
    ],
    [
      'no types at all',
      { features: { authorizationDetails: [] } },
      /features.authorizationDetails must be a list of types/,
    ],
    ['an api without a resource here', { features: { api: () => new Response() } }, /features.resources has none/],
    [
      'mistyped metadata',
      { apps: [{ metadata: { client_nam: 'x' } }] },
      /metadata.client_nam of the app .* is read by nobody/,
    ],
    [
      'metadata of a feature that is off',
      { apps: [{ metadata: { dpop_bound_access_tokens: true } }] },
      /or its feature off/,
    ],
    ['metadata that the engine refuses', { apps: [{ metadata: { subject_type: 'pairwise' } }] }, /subject_type/],
  ])('refuses %s, and says so', async (_, options, message) => {
    const starting = startEmulator(options)
    await expect(starting).rejects.toThrow(message)
    await expect(starting).rejects.toBeInstanceOf(TypeError)
  })

  it('takes a short secret where RS256 signs', async () => {
    const emulator = await startEmulator({ idTokenAlg: 'RS256', secret: 'short' })
    const { tokens } = await signInForTokens(emulator)
    expect(decodeProtectedHeader(tokens.id_token)).toMatchObject({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) })
    await emulator.stop()
  })
})

/** On a port that no other test is given while it is free: below those that a system hands out. */
const startBelow = async (tries = 20): Promise<Emulator> =>
  startEmulator({ port: randomInt(10_000, 30_000) }).catch((error: unknown) => {
    if (tries < 1) throw error
    return startBelow(tries - 1)
  })

describe('stopping', () => {
  it('frees the port, drops open connections, and can be asked for twice', async () => {
    const emulator = await startBelow()
    await fetch(emulator.appHost).then((response) => response.text())
    await emulator.stop()
    await emulator.stop()
    await expect(fetch(emulator.appHost)).rejects.toThrow()
  })
})

describe('the options', () => {
  it('frees the port when they are found wrong late', async () => {
    const taken = await startBelow()
    const { port } = taken
    await taken.stop()
    const late = await startEmulator({ port, apps: [{ metadata: { subject_type: 'pairwise' } }] })
      .then(() => 'started')
      .catch(() => 'refused')
    expect(late).toBe('refused')
    await (await startEmulator({ port })).stop()
  })

  it('takes nobody who leaves in the middle of a request for a failure', async () => {
    const onError = vi.fn()
    const emulator = await startEmulator({ onError })
    const { host } = new URL(emulator.appHost)
    await new Promise<void>((resolve) => {
      const socket = connect(emulator.port, '127.0.0.1', () => {
        socket.write(`POST /oidc/token HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 9\r\n\r\nabc`, () => {
          setTimeout(() => socket.destroy(), 50)
        })
      })
      socket.on('close', () => resolve())
    })
    // Served after it: by then the server has heard of the end.
    await fetch(emulator.appHost).then((response) => response.text())
    expect(onError).not.toHaveBeenCalled()
    await emulator.stop()
  })

  it('reports each answered request without its query', async () => {
    const onRequest = vi.fn()
    const emulator = await startEmulator({ onRequest })
    await post(emulator, '/oidc/token?secret=1', { grant_type: 'refresh_token', refresh_token: 'unknown' })
    expect(onRequest.mock.calls).toEqual([[{ method: 'POST', path: '/oidc/token', status: 400 }]])
    await emulator.stop()
  })

  it('reports what fails inside, and answers 500', async () => {
    const onError = vi.fn()
    const claims = (): never => {
      throw new Error('the directory is down')
    }
    const emulator = await startEmulator({ onError, claims })
    await expect(signInForTokens(emulator)).rejects.toThrow(/HTTP 500/)
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'the directory is down' }))
    await emulator.stop()
  })

  it('takes claims and scopes of the caller', async () => {
    const emulator = await startEmulator({
      scopes: { openid: ['userpool_id'], orders: ['order_ids'] },
      claims: (user) => ({ sub: `id-of-${user}`, name: 'Alice', userpool_id: 'pool', order_ids: [1, 2] }),
    })
    const { tokens } = await signInForTokens(emulator, { scope: 'openid profile orders' })
    expect(decodeJwt(tokens.id_token)).toMatchObject({
      sub: 'id-of-alice',
      name: 'Alice',
      gender: 'U',
      userpool_id: 'pool',
      order_ids: [1, 2],
    })
    await emulator.stop()
  })

  it('takes lifetimes', async () => {
    const emulator = await startEmulator({ ttl: { accessToken: 60, idToken: 30, code: 100 } })
    const { tokens } = await signInForTokens(emulator)
    expect(tokens.expires_in).toBe(60)
    const { exp = 0, iat = 0 } = decodeJwt(tokens.id_token)
    expect(exp - iat).toBe(30)
    for (const [seconds, status] of [
      [90, 200],
      [100, 400],
    ] as const) {
      const { url } = await signIn(authorizeUrl(emulator))
      const form = { grant_type: 'authorization_code', code: new URL(url).searchParams.get('code') ?? '' }
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
      const answer = await post(emulator, '/oidc/token', { ...form, redirect_uri: emulator.apps[0].redirectUris[0] })
      vi.useRealTimers()
      expect(answer.status).toBe(status)
    }
    await emulator.stop()
  })
})

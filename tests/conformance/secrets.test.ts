/**
 * Marked secrets on every way to fail: whatever goes wrong, at whatever endpoint, no message, stack, field, cause, JSON
 * or inspection of the error holds a secret, token, code, verifier or header [O123].
 */
import { inspect } from 'node:util'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import { discover } from '@genauth-oidc/core/discover'
import type { FetchInit, OidcConfig, RequestOptions } from '@genauth-oidc/core/types'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { openTransaction } from '@genauth-oidc/login/openTransaction'
import { sealTransaction } from '@genauth-oidc/login/sealTransaction'
import { calculateCodeChallenge } from '@genauth-oidc/pkce/calculateCodeChallenge'
import { getAccessTokenByClientCredentials } from '@genauth-oidc/tokens/getAccessTokenByClientCredentials'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
import { validateToken } from '@genauth-oidc/tokens/validateToken'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
import { readCallback } from '@genauth-oidc/urls/readCallback'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { verifyLogoutToken } from '@genauth-oidc/verify/verifyLogoutToken'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { failure, leaks } from '../support/failure.js'
import {
  accessClaims,
  appHost,
  appId,
  at,
  halfHash,
  idClaims,
  json,
  jwt,
  logoutClaims,
  redirectUri,
} from '../support/tokens.js'

const marked = {
  secret: 'marked secret & its tail=9+c/3 of the application',
  code: 'marked-code-5d1e7a',
  verifier: 'marked-verifier-dBjftJeZ4CVP-mB92K27uhbUJU1p1r',
  refresh: 'marked-refresh-77aa01',
  access: 'marked-access-31bb42',
  id: 'marked-id-token-8c0d',
  nonce: 'marked-nonce-1f2e3d',
  state: 'marked-state-4a5b6c',
  accessKey: 'marked-access-key-99',
  accessSecret: 'marked access secret 00 & more',
  header: 'marked-header-5e6f',
}
const secrets = Object.values(marked)
const config: OidcConfig = { appId, appHost, secret: marked.secret, redirectUri, timeout: 40 }
const basic: OidcConfig = {
  ...config,
  tokenEndpointAuthMethod: 'client_secret_basic',
  introspectionEndpointAuthMethod: 'client_secret_basic',
  revocationEndpointAuthMethod: 'client_secret_basic',
}

type Run = (config: OidcConfig, options: RequestOptions) => Promise<unknown>
/** Each call that reaches an endpoint, carrying everything that it can carry. */
const calls: Record<string, Run> = {
  'the code exchange': (own, options) =>
    getAccessTokenByCode(own, { code: marked.code, codeVerifier: marked.verifier, nonce: marked.nonce }, options),
  'a refresh': (own, options) => getNewAccessTokenByRefreshToken(own, marked.refresh, options),
  'client credentials': (own, options) =>
    getAccessTokenByClientCredentials(
      own,
      { scope: 'x', accessKey: marked.accessKey, accessSecret: marked.accessSecret },
      options,
    ),
  'user info': (own, options) => getUserInfoByAccessToken(own, marked.access, options),
  introspection: (own, options) => introspectToken(own, marked.refresh, options),
  revocation: (own, options) => revokeToken(own, marked.refresh, options),
  'online validation': (own, options) => validateToken(own, { idToken: marked.id }, options),
  'online validation of an access token': (own, options) => validateToken(own, { accessToken: marked.access }, options),
  discovery: (own, options) => discover({ ...own, issuer: `${appHost}/oidc` }, options),
  'the keys': (own, options) =>
    verifyIdToken(
      { ...own, idTokenSigningAlgs: ['RS256'] },
      jwt(idClaims({ nonce: marked.nonce }), { alg: 'RS256' }),
      {},
      { ...options, ...at() },
    ),
}

/** All that a request holds, as a malicious or careless server would repeat it. */
const repeated = (url: string, { headers, body = '' }: FetchInit) =>
  [
    url,
    decodeURIComponent(url.replace(/\+/g, ' ')),
    body,
    ...new URLSearchParams(body).values(),
    ...new URL(url).searchParams.values(),
    ...Object.values(headers),
    ...Object.values(headers).map((value) => value.split(' ').at(-1) ?? ''),
    JSON.stringify(headers),
  ].join(' \u202e')
const reply = (shape: (said: string) => Response | Promise<Response>) => (url: string, init: FetchInit) =>
  Promise.resolve(shape(repeated(url, init)))
const cause = (said: string) =>
  Object.assign(new TypeError(`fetch failed: ${said}`), {
    cause: Object.assign(new Error(said), { code: 'ECONNRESET', host: said }),
    request: { url: said, headers: { authorization: said } },
    input: said,
    stack: `TypeError: ${said}`,
  })

/** Each way in which an exchange fails. */
const faults: Record<string, (url: string, init: FetchInit) => Promise<unknown>> = {
  'an OAuth error that repeats all': reply((said) =>
    json({ error: 'invalid_request', error_description: said, error_uri: said }, 400),
  ),
  'an OAuth error whose code repeats all': reply((said) => json({ error: said }, 401)),
  'an OAuth error with 200': reply((said) => json({ error: said, error_description: said })),
  "GenAuth's error that repeats all": reply((said) => json({ code: 400, message: said })),
  'a challenge that repeats all': reply((said) => {
    const quoted = said.replace(/[^ -~]|"/g, '')
    return new Response('', {
      status: 401,
      headers: { 'www-authenticate': `Bearer error="${quoted}", error_description="${quoted}"` },
    })
  }),
  'a page of a proxy': reply(
    (said) => new Response(`<p>${said}</p>`, { status: 502, headers: { 'content-type': 'text/html' } }),
  ),
  'a page with 200': reply((said) => new Response(said, { headers: { 'content-type': 'text/html' } })),
  'broken JSON': reply((said) => json(`{"error":"${said}`)),
  'another shape': reply((said) => json([said])),
  'members of another kind': reply((said) =>
    json({
      access_token: said,
      token_type: said,
      expires_in: said,
      id_token: said,
      sub: [said],
      iss: said,
      aud: said,
      keys: said,
      issuer: said,
      active: said,
    }),
  ),
  'an ID token that is none': reply((said) =>
    json({ access_token: 'a', token_type: 'Bearer', id_token: said, keys: [{ kty: said }] }),
  ),
  'too much': reply((said) => json(JSON.stringify({ said, much: 'x'.repeat(1 << 20) }))),
  'no text': () =>
    Promise.resolve(new Response(Uint8Array.of(0xff, 0xfe), { headers: { 'content-type': 'application/json' } })),
  'a redirect': reply(
    (said) =>
      new Response('', { status: 307, headers: { location: `https://evil.example.com/?${encodeURIComponent(said)}` } }),
  ),
  'another address': reply(
    (said) =>
      ({ status: 200, url: said, headers: new Headers(), text: () => Promise.resolve(said) }) as unknown as Response,
  ),
  'a network error that quotes all': (url, init) => Promise.reject(cause(repeated(url, init))),
  'a fetch that throws at once': (url, init) => {
    throw cause(repeated(url, init))
  },
  'a body that breaks': reply(
    (said) => new Response(new ReadableStream({ pull: (controller) => controller.error(cause(said)) })),
  ),
  'no answer in time': () => new Promise(() => {}),
}

describe.each(Object.keys(calls))('%s', (name) => {
  const call = calls[name]!
  it.each(Object.keys(faults))('shows no secret after %s', async (fault) => {
    for (const own of [config, basic]) {
      const options = { fetch: faults[fault] as never, headers: { 'x-key': marked.header } }
      const sent: string[] = []
      options.fetch = ((url: string, init: FetchInit) => {
        sent.push(...Object.values(init.headers).map((value) => value.split(' ').at(-1) ?? ''))
        return faults[fault]!(url, init)
      }) as never
      const error = await Promise.resolve(call(own, options)).then(
        () => undefined,
        (thrown: unknown) => failure(() => Promise.reject(thrown as Error)),
      )
      // Some answers are fine: any body ends a revocation, an odd introspection is inactive, a machine has no ID token.
      if (error)
        expect(leaks(error, [...secrets, ...sent.filter((value) => /^[A-Za-z0-9+/=]{40,}$/.test(value))])).toEqual([])
      else expect(['introspection', 'revocation', 'client credentials']).toContain(name)
    }
  })

  it('shows no secret after the caller ended it, whose reason is the only cause', async () => {
    const error = await failure(() =>
      call(config, {
        fetch: () => new Promise(() => {}),
        signal: AbortSignal.abort('gone'),
        headers: { 'x-key': marked.header },
      }),
    )
    if (error.code === 'aborted') expect(error.cause).toBe('gone')
    expect(leaks(error, secrets)).toEqual([])
  })
})

describe('client authentication', () => {
  let pair: oauth.CryptoKeyPair
  beforeAll(async () => {
    pair = await oauth.generateKeyPair('ES256', { extractable: true })
  })

  it('shows neither an assertion nor a proof that a server repeats', async () => {
    const own = {
      appId,
      appHost,
      redirectUri,
      tokenEndpointAuthMethod: oauth.PrivateKeyJwt(pair.privateKey),
    } as OidcConfig
    const sent: string[] = []
    const fetch = (url: string, init: FetchInit) => {
      sent.push(new URLSearchParams(init.body).get('client_assertion') ?? '', init.headers['dpop'] ?? '')
      return reply((said) => json({ error: 'invalid_client', error_description: said }, 401))(url, init)
    }
    const run = () => getAccessTokenByCode(own, { code: marked.code }, { fetch: fetch, dpop: oauth.DPoP({}, pair) })
    const error = await failure(run, 'endpoint_error')
    expect(sent.every((text) => text.split('.').length === 3)).toBe(true)
    expect(leaks(error, [...secrets, ...sent])).toEqual([])
  })

  it.each([
    ['a secret store', { secret: () => Promise.reject(new Error(marked.secret)) }],
    [
      'a secret store that throws at once',
      {
        secret: () => {
          throw new Error(marked.secret)
        },
      },
    ],
    ['a secret store that gives no string', { secret: () => [marked.secret] }],
    ['a ClientAuth function', { tokenEndpointAuthMethod: () => Promise.reject(new Error(marked.secret)) }],
  ])('shows nothing of what %s throws or gives', async (_, fields) => {
    const own = { ...config, ...fields } as OidcConfig
    const error = await failure(() => getAccessTokenByCode(own, { code: marked.code }, { fetch: fetch }))
    expect(leaks(error, secrets)).toEqual([])
  })
})

describe('a check that fails', () => {
  const options = {
    ...at(),
    jwks: new Map<string, unknown>(),
    fetch: (() => Promise.resolve(json({ keys: [] }))) as never,
  }
  const own = { ...config, secret: `${marked.secret}${marked.secret}` }
  const sign = (claims: object) => jwt(idClaims({ nonce: marked.nonce, ...claims }), { secret: own.secret })
  const changes: Record<string, object> = {
    iss: { iss: `https://${marked.id}.example.com` },
    sub: { sub: [marked.id] },
    aud: { aud: [appId, marked.id] },
    azp: { azp: marked.id },
    exp: { exp: 5 },
    iat: { iat: marked.id },
    nbf: { nbf: 9e9 },
    nonce: { nonce: marked.id },
    auth_time: { auth_time: marked.id },
    at_hash: { at_hash: halfHash(marked.code) },
    c_hash: { c_hash: halfHash(marked.access) },
    s_hash: { s_hash: halfHash(marked.code) },
    purpose: { scope: marked.id },
  }
  const expected = { nonce: marked.nonce, accessToken: marked.access, code: marked.code, state: marked.state }

  it.each(Object.keys(changes))('of an ID token shows nothing of it: %s', async (check) => {
    const token = sign(changes[check]!)
    const error = await failure(() => verifyIdToken(own, token, expected, options), 'token_invalid')
    expect(error.check).toBe(check)
    expect(leaks(error, [...secrets, token, token.split('.')[1]!])).toEqual([])
    const body = { access_token: marked.access, token_type: 'Bearer', id_token: token }
    const fetch = (() => Promise.resolve(json(body))) as never
    const params = { code: marked.code, codeVerifier: marked.verifier, nonce: marked.nonce, maxAge: 10 }
    const exchange = await failure(() => getAccessTokenByCode(own, params, { ...at(), fetch }), 'token_invalid')
    expect(leaks(exchange, [...secrets, token])).toEqual([])
  })

  it.each([
    ['a token that is none', marked.id],
    ['three parts that are none', `${marked.id}.${marked.access}.${marked.code}`],
    ['another signature', `${sign({}).slice(0, -4)}AAAA`],
    ['another algorithm', jwt(idClaims(), { header: { alg: marked.id } })],
    ['none', jwt(idClaims({ nonce: marked.nonce }), { header: { alg: 'none' } })],
    ['an odd header', jwt(idClaims(), { header: { crit: [marked.id], typ: marked.id } })],
  ])('of %s shows nothing of it', async (_, token) => {
    for (const run of [
      () => verifyIdToken(own, token, expected, options),
      () => verifyAccessToken(own, token, {}, options),
      () => verifyLogoutToken(own, token, {}, options),
    ])
      expect(leaks(await failure(run, 'token_invalid'), [...secrets, token])).toEqual([])
  })

  it('of an access or a logout token shows nothing of it', async () => {
    const access = jwt(accessClaims({ aud: marked.id }), { alg: 'RS256' })
    const logout = jwt(logoutClaims({ sid: [marked.id] }), { secret: own.secret })
    for (const [run, token] of [
      [() => verifyAccessToken(own, access, { scope: marked.state }, options), access],
      [() => verifyLogoutToken(own, logout, {}, options), logout],
    ] as const)
      expect(leaks(await failure(run, 'token_invalid'), [...secrets, token])).toEqual([])
  })

  it('of a secret that is too short does not show it', async () => {
    const short = 'marked-short'
    const error = await failure(
      () => verifyIdToken({ ...config, secret: short }, sign({}), {}, options),
      'config_invalid',
    )
    expect(leaks(error, [short])).toEqual([])
  })
})

describe('a wrong argument', () => {
  const odd = { toString: () => marked.secret, toJSON: () => marked.secret, secret: marked.secret }
  const runs: Record<string, () => unknown> = {
    'a config': () =>
      defineConfig({
        appId: odd,
        appHost: marked.secret,
        secret: odd,
        issuer: marked.secret,
        timeout: marked.secret,
      } as never),
    'a verifier': () => calculateCodeChallenge(`${marked.verifier}!`),
    'a redirect URI': () =>
      buildAuthorizeUrl(config, { redirectUri: `https://user:${marked.secret}@app.example.com/` }),
    'a scope': () => buildAuthorizeUrl(config, { scope: `${marked.secret}  x` }),
    'an extra parameter': () => buildAuthorizeUrl(config, { extra: { client_secret: marked.secret } }),
    'a logout address': () =>
      buildLogoutUrl(config, { expert: true, idToken: marked.id, redirectUri: `javascript:${marked.code}` }),
    'an ID token without expert': () => buildLogoutUrl(config, { idToken: marked.id } as never),
    'a code': () => getAccessTokenByCode(config, { code: odd as never }),
    'a code verifier': () => getAccessTokenByCode(config, { code: marked.code, codeVerifier: `${marked.verifier} ` }),
    'an access token with a line break': () => getUserInfoByAccessToken(config, `${marked.access}\r\nx: y`),
    'both tokens': () => validateToken(config, { idToken: marked.id, accessToken: marked.access } as never),
    'a header': () => revokeToken(config, marked.refresh, { headers: { authorization: marked.header } }),
    'a header with a line break': () =>
      revokeToken(config, marked.refresh, { headers: { 'x-a': `${marked.header}\n` } }),
    'a state': () => readCallback(config, `?code=${marked.code}&state=${marked.state}`, { state: '' }),
    'a callback': () => readCallback(config, { url: 5, code: marked.code } as never, { state: marked.state }),
  }
  it.each(Object.keys(runs))('is named and not shown: %s', async (name) => {
    expect(leaks(await failure(runs[name]!), secrets)).toEqual([])
  })
})

describe('a callback and a transaction', () => {
  const key = 'marked-key-of-32-characters-or-more-0001'
  const transaction = {
    state: marked.state.padEnd(43, 'x'),
    nonce: marked.nonce,
    codeVerifier: marked.verifier,
    issuer: `${appHost}/oidc`,
    appId,
    redirectUri,
    responseType: 'code',
    scope: 'openid',
    expiresAt: at().now / 1000 + 600,
  } as const
  const hidden = [...secrets, key, transaction.state]

  it.each([
    ['state', { state: marked.id }],
    ['error', { error: marked.code, error_description: `${transaction.state} ${'x'.repeat(600)}` }],
    ['iss', { iss: `https://${marked.id}.example.com` }],
    ['unexpected', { id_token: marked.id }],
    ['missing', { code: '' }],
  ])('show nothing of themselves when they are refused: %s', async (what, fields) => {
    const text = `?${new URLSearchParams({ code: marked.code, state: transaction.state, ...fields })}`
    for (const run of [
      () => readCallback(config, text, { state: transaction.state }),
      () => completeLogin(config, `${redirectUri}${text}`, transaction, at()),
    ]) {
      const error = await failure(run)
      // What a provider calls its error is the provider's word, and not one that was sent.
      expect(leaks(error, what === 'error' ? hidden.filter((one) => one !== marked.code) : hidden)).toEqual([])
      expect(error.message).not.toContain(marked.code)
    }
  })

  it('show nothing when they are expired, foreign, or do not open', async () => {
    const sealed = await sealTransaction(transaction, key, at())
    const callback = `${redirectUri}?${new URLSearchParams({ code: marked.code, state: transaction.state })}`
    for (const run of [
      () => completeLogin(config, callback, transaction, at(700)),
      () => completeLogin({ ...config, appId: 'another' }, callback, transaction, at()),
      () => completeLogin(config, callback, () => undefined, at()),
      () => openTransaction(`${sealed.slice(0, -4)}AAAA`, key, at()),
      () => openTransaction(sealed, `${key}-another`, at()),
      () => openTransaction(sealed, 'marked-short-key', at()),
      () => openTransaction(sealed, key, at(700)),
      () => sealTransaction(transaction, 'marked-short-key', at()),
    ])
      expect(leaks(await failure(run), [...hidden, sealed, 'marked-short-key'])).toEqual([])
  })
})

describe('the looking itself', () => {
  it('finds a secret wherever an error may hold one', () => {
    const [secret] = secrets as [string]
    const places: Error[] = [
      new Error(secret),
      new Error('x', { cause: new Error(secret) }),
      Object.assign(new Error('x'), { field: { deep: [secret] } }),
      Object.defineProperty(new Error('x'), 'hidden', { value: secret, enumerable: false }),
      Object.assign(new Error('x'), { [Symbol('s')]: secret }),
      Object.assign(new Error('x'), { toJSON: () => secret }),
      Object.assign(new Error('x'), { encoded: encodeURIComponent(secret) }),
      Object.assign(new Error('x'), { form: `${new URLSearchParams({ secret })}` }),
      Object.assign(new Error('x'), { base64: btoa(secret) }),
      Object.assign(new Error('x'), { [inspect.custom]: () => secret }),
      Object.assign(new Error('x'), { stack: `Error: ${secret}` }),
    ]
    for (const place of places) expect(leaks(place, [secret])).toEqual([secret])
    expect(leaks(new Error('x'), secrets)).toEqual([])
  })
})

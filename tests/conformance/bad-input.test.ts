/**
 * Whatever a caller hands in, what comes back is a result or a typed error: a function that promises never throws at
 * once, and nothing that a platform, a getter or a library throws gets out.
 */
import { inspect } from 'node:util'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import { discover } from '@genauth-oidc/core/discover'
import { extendConfig } from '@genauth-oidc/core/extendConfig'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import { issuer as issuerOf } from '@genauth-oidc/core/issuer'
import { calculateCodeChallenge } from '@genauth-oidc/pkce/calculateCodeChallenge'
import { generateCodeVerifier } from '@genauth-oidc/pkce/generateCodeVerifier'
import { generatePkce } from '@genauth-oidc/pkce/generatePkce'
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
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  accessClaims,
  appHost,
  appId,
  idClaims,
  issuer,
  json,
  jwt,
  logoutClaims,
  nonce,
  now,
  redirectUri,
  secret,
} from '../support/tokens.js'

const marked = 'marked-words-of-a-getter'
const cyclic: Record<string, unknown> = { a: [] }
cyclic['self'] = cyclic
;(cyclic['a'] as unknown[]).push(cyclic)
const throwing = () => {
  throw new Error(marked)
}
/** An object whose every member that a function may look at throws. */
const hostile = Object.defineProperties(
  {},
  Object.fromEntries(
    [
      'scope',
      'state',
      'code',
      'token',
      'accessToken',
      'idToken',
      'refreshToken',
      'appId',
      'issuer',
      'method',
      'nonce',
    ].map((name) => [name, { enumerable: true, get: throwing }]),
  ),
)

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      undefined,
      null,
      0,
      -1,
      1.5,
      NaN,
      Infinity,
      '',
      ' ',
      'text',
      true,
      false,
      5n,
      Symbol('any'),
      [],
      {},
      [[]],
      [null],
    ],
    ...[cyclic, new Date(NaN), new Map(), /any/g, Object.create(null), new Error('any'), () => {}, async () => {}],
    ...[
      'undefined',
      'null',
      '[object Object]',
      '__proto__',
      'https://',
      'javascript:alert(1)',
      '\0',
      '\ud800',
      'a\r\nb',
    ],
  ),
  fc.anything({ withNullPrototype: true, withBigInt: true, maxDepth: 2 }),
)
/** Params in which some members are odd, some missing, and the rest as they should be. */
const mostly = (good: Record<string, unknown>) =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(good).map(([name, value]) => [
          name,
          fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: odd }),
        ]),
      ),
      { requiredKeys: [] },
    )
    .map((given) => given as unknown)
/** As `mostly`, or something else altogether. */
const any = (good: Record<string, unknown>) =>
  fc.oneof(
    { weight: 5, arbitrary: mostly(good) },
    { weight: 3, arbitrary: odd },
    { weight: 1, arbitrary: fc.constant<unknown>(hostile) },
  )
const text = (good: string) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant<unknown>(good) }, { weight: 2, arbitrary: odd })

const idToken = jwt(idClaims())
const accessToken = jwt(accessClaims(), { alg: 'RS256' })
const bodies: Record<string, unknown> = {
  '/oidc/token': { access_token: 'a', token_type: 'Bearer', expires_in: 5, id_token: idToken, refresh_token: 'r' },
  '/oidc/me': idClaims(),
  '/oidc/token/introspection': { active: true },
  '/api/v2/oidc/validate_token': accessClaims(),
  '/oidc/.well-known/jwks.json': { keys: [] },
  '/oidc/.well-known/openid-configuration': { issuer },
}
const fetch = (url: string) => Promise.resolve(json(bodies[new URL(url).pathname] ?? {}))

const fields = {
  appId,
  appHost,
  issuer,
  secret,
  redirectUri,
  protocol: 'oidc',
  endpoints: { token: `${appHost}/oidc/token` },
  tokenEndpointAuthMethod: 'client_secret_basic',
  introspectionEndpointAuthMethod: 'client_secret_post',
  revocationEndpointAuthMethod: 'client_secret_post',
  idTokenSigningAlgs: ['HS256', 'RS256'],
  requireIss: false,
  allowInsecureRequests: false,
  clockTolerance: 30,
  timeout: 1000,
  fetch,
}
// The fetch stays, so that no test reaches the network, whatever else is wrong.
const config = fc.oneof(
  { weight: 4, arbitrary: mostly(fields).map((given) => ({ ...(given as object), fetch })) },
  { weight: 1, arbitrary: odd },
)
const usable = fc.constant<unknown>({ ...fields, endpoints: {} })
const configs = fc.oneof({ weight: 1, arbitrary: config }, { weight: 1, arbitrary: usable })
const options = fc
  .record(
    {
      now: fc.oneof(fc.constant<unknown>(now * 1000), odd),
      headers: fc.oneof(fc.constant<unknown>({ 'x-a': 'b' }), odd, fc.dictionary(fc.string(), odd)),
      signal: fc.oneof(fc.constant<unknown>(new AbortController().signal), fc.constant(AbortSignal.abort()), odd),
      dpop: odd,
      random: odd.filter((value) => typeof value !== 'function'),
    },
    { requiredKeys: [] },
  )
  .map((given) => ({ ...given, fetch }))
const settings = fc.oneof(
  { weight: 4, arbitrary: options },
  { weight: 1, arbitrary: fc.constant<unknown>({ fetch, now: now * 1000 }) },
  { weight: 1, arbitrary: fc.constant<unknown>(null) },
)

type Any = (...given: unknown[]) => unknown
const form = `code=c&state=s&iss=${encodeURIComponent(issuer)}`
const requests = mostly({
  method: 'POST',
  url: redirectUri,
  headers: new Headers(),
  body: null,
  text: () => Promise.resolve(form),
})
const callbacks = fc.oneof(
  fc.constantFrom<unknown>(
    `?${form}`,
    new URL(`${redirectUri}?${form}`),
    new URLSearchParams(form),
    new Request(`${redirectUri}?${form}`),
  ),
  any({ method: 'POST', url: redirectUri, headers: new Headers(), body: null, text: () => Promise.resolve(form) }),
)

/** Each function, whether it promises, and what it is called with. */
const functions: Record<string, readonly [run: unknown, promises: boolean, given: fc.Arbitrary<unknown[]>]> = {
  defineConfig: [defineConfig, false, fc.tuple(any(fields))],
  extendConfig: [
    extendConfig,
    false,
    fc.tuple(fc.oneof(config, fc.constant(defineConfig({ appId, appHost }))), any(fields)),
  ],
  discover: [
    discover,
    true,
    fc.tuple(
      config,
      fc.oneof(
        settings,
        any({ store: new Map(), fetch, now: 0 }).map((given) =>
          typeof given === 'object' ? Object.assign({}, given === hostile ? {} : given, { fetch }) : given,
        ),
      ),
    ),
  ],
  issuer: [issuerOf, false, fc.tuple(config)],
  calculateCodeChallenge: [calculateCodeChallenge, true, fc.tuple(text('a'.repeat(43)), text('plain'))],
  generateCodeVerifier: [generateCodeVerifier, false, fc.tuple(odd, settings)],
  generatePkce: [generatePkce, true, fc.tuple(settings)],
  buildAuthorizeUrl: [
    buildAuthorizeUrl,
    false,
    fc.tuple(
      fc.oneof(
        configs,
        fc.constantFrom<unknown>(
          { ...fields, protocol: 'oauth' },
          { ...fields, protocol: 'cas' },
          { ...fields, protocol: 'saml' },
        ),
      ),
      any({
        ...{
          scope: 'openid',
          state: 's',
          nonce,
          responseType: 'code',
          responseMode: 'query',
          redirectUri,
          prompt: 'login',
          maxAge: 5,
        },
        ...{
          loginHint: 'l',
          uiLocales: 'u',
          acrValues: 'a',
          idTokenHint: 'i',
          tenantId: 't',
          extra: { a: 'b' },
          service: redirectUri,
        },
        ...{ codeChallenge: 'a'.repeat(43), codeChallengeMethod: 'S256' },
      }),
      settings,
    ),
  ],
  buildLogoutUrl: [buildLogoutUrl, false, fc.tuple(configs, any({ expert: true, idToken, redirectUri, state: 's' }))],
  readCallback: [
    readCallback,
    true,
    fc.tuple(configs, callbacks, any({ state: 's', responseType: 'code', responseMode: 'query' })),
  ],
  getAccessTokenByCode: [
    getAccessTokenByCode,
    true,
    fc.tuple(
      configs,
      any({ code: 'c', codeVerifier: 'a'.repeat(43), nonce, redirectUri, maxAge: 5, trustedAudiences: ['a'] }),
      settings,
    ),
  ],
  getNewAccessTokenByRefreshToken: [
    getNewAccessTokenByRefreshToken,
    true,
    fc.tuple(
      configs,
      fc.oneof(text('r'), any({ refreshToken: 'r', scope: 's', previous: { id_token: 'i', claims: {} } })),
      settings,
    ),
  ],
  getAccessTokenByClientCredentials: [
    getAccessTokenByClientCredentials,
    true,
    fc.tuple(configs, any({ scope: 's', accessKey: 'k', accessSecret: 'x' }), settings),
  ],
  getUserInfoByAccessToken: [
    getUserInfoByAccessToken,
    true,
    fc.tuple(configs, fc.oneof(text('a'), any({ accessToken: 'a', expectedSubject: 's' })), settings),
  ],
  introspectToken: [
    introspectToken,
    true,
    fc.tuple(configs, fc.oneof(text('t'), any({ token: 't', tokenTypeHint: 'access_token' })), settings),
  ],
  revokeToken: [
    revokeToken,
    true,
    fc.tuple(configs, fc.oneof(text('t'), any({ token: 't', tokenTypeHint: 'access_token' })), settings),
  ],
  validateToken: [validateToken, true, fc.tuple(configs, any({ idToken: 'i', accessToken: undefined }), settings)],
  verifyIdToken: [
    verifyIdToken,
    true,
    fc.tuple(
      configs,
      text(idToken),
      any({ nonce, accessToken: 'a', code: 'c', state: 's', maxAge: 5, trustedAudiences: ['a'] }),
      settings,
    ),
  ],
  verifyAccessToken: [
    verifyAccessToken,
    true,
    fc.tuple(
      configs,
      fc.oneof(
        text(accessToken),
        fc.constant<unknown>(new Request(redirectUri)),
        any({ method: 'GET', url: redirectUri, headers: new Headers() }),
      ),
      fc.oneof(odd, fc.constant<unknown>(hostile), fc.constant<unknown>({ audience: appId, scope: 'orders:read' })),
      settings,
    ),
  ],
  verifyLogoutToken: [
    verifyLogoutToken,
    true,
    fc.tuple(
      configs,
      fc.oneof(text(jwt(logoutClaims())), requests),
      fc.oneof(odd, fc.constant<unknown>(hostile), fc.constant<unknown>({ seen: () => false })),
      settings,
    ),
  ],
}

describe('a function that is given anything at all', () => {
  const unhandled: unknown[] = []
  const keep = (reason: unknown) => unhandled.push(reason)
  beforeAll(() => {
    vi.stubGlobal('fetch', fetch)
    process.on('unhandledRejection', keep)
  })
  afterAll(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('unhandledRejection', keep)
    vi.unstubAllGlobals()
    expect(unhandled).toEqual([])
  })

  it.each(Object.keys(functions))('gives a result or a typed error: %s', async (name) => {
    const [run, promises, given] = functions[name] ?? []
    let results = 0
    let errors = 0
    await fc.assert(
      fc.asyncProperty(given!, async (args) => {
        try {
          const result = (run as Any)(...args)
          if (promises) expect(result).toBeInstanceOf(Promise)
          await result
          results++
        } catch (error) {
          if (!isOidcError(error)) throw error
          expect(inspect(error)).not.toContain(marked)
          errors++
        }
      }),
      { numRuns: 250, includeErrorInReport: true },
    )
    expect(results + errors).toBeGreaterThanOrEqual(250)
  })
})

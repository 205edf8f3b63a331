import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { appHost, appId, redirectUri } from '../../../tests/support/tokens.js'
import { buildAuthorizeUrl } from './buildAuthorizeUrl.js'
import type { AuthorizeParams, OauthAuthorizeParams } from './types.js'

const config = { appId, appHost, redirectUri } as const
const oauth = { ...config, protocol: 'oauth' } as const
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const query = (url: URL) => Object.fromEntries(url.searchParams)
const build = (params: object = {}, fields: object = {}) =>
  query(buildAuthorizeUrl({ ...config, ...fields }, params as AuthorizeParams))
const argument = async (params: unknown, fields: object = {}) =>
  (await failure(() => buildAuthorizeUrl({ ...config, ...fields }, params as AuthorizeParams), 'argument_invalid'))
    .argument

describe('a link of OpenID Connect', () => {
  it('has all that a request needs, and nothing that was not asked for [A1]', () => {
    const url = buildAuthorizeUrl(config)
    expect(url.origin + url.pathname).toBe(`${appHost}/oidc/auth`)
    expect(query(url)).toEqual({
      client_id: appId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid profile email phone address',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  it('has a new state and a new nonce each time, of 256 bits [R1] [A6]', () => {
    const links = Array.from({ length: 500 }, () => build())
    expect(new Set(links.flatMap(({ state, nonce }) => [state, nonce])).size).toBe(1000)
  })

  it('takes randomness from the caller when it is given', () => {
    const url = buildAuthorizeUrl(config, {}, { random: (bytes) => bytes.fill(255) })
    expect(query(url)).toMatchObject({ state: '_'.repeat(42) + '8', nonce: '_'.repeat(42) + '8' })
  })

  it('names every parameter by its wire name', () => {
    expect(
      build({
        scope: 'openid',
        state: 's',
        nonce: 'n',
        responseType: 'code id_token',
        responseMode: 'form_post',
        redirectUri: 'https://app.example.com/other',
        prompt: 'login select_account',
        maxAge: 0,
        loginHint: 'user@example.com',
        uiLocales: 'zh-CN en',
        acrValues: 'a b',
        idTokenHint: 'h',
        codeChallenge: challenge,
        codeChallengeMethod: 'plain',
        tenantId: 't',
        extra: { claims: '{"userinfo":{}}', resource: 'https://api.example.com' },
      }),
    ).toEqual({
      client_id: appId,
      scope: 'openid',
      state: 's',
      nonce: 'n',
      response_type: 'code id_token',
      response_mode: 'form_post',
      redirect_uri: 'https://app.example.com/other',
      prompt: 'login select_account',
      max_age: '0',
      login_hint: 'user@example.com',
      ui_locales: 'zh-CN en',
      acr_values: 'a b',
      id_token_hint: 'h',
      code_challenge: challenge,
      code_challenge_method: 'plain',
      tenant_id: 't',
      claims: '{"userinfo":{}}',
      resource: 'https://api.example.com',
    })
  })

  it('treats a param that is undefined as left out', () => {
    const none = {
      scope: undefined,
      state: undefined,
      prompt: undefined,
      maxAge: undefined,
      codeChallenge: undefined,
      extra: undefined,
    }
    expect(Object.keys(build(none)).sort()).toEqual(Object.keys(build()).sort())
  })

  it.each([
    ['openid offline_access', 'consent'],
    ['offline_access openid', 'consent'],
    ['openid offline_access profile', 'consent'],
    ['openid', undefined],
    ['openid offline_access_extra', undefined],
    ['openid my_offline_access', undefined],
    ['openid api:offline_access', undefined],
  ])('with scope %j has prompt %s [R2] [A12]', (scope, prompt) => {
    expect(build({ scope })['prompt']).toBe(prompt)
    expect(build({ scope, prompt: 'login' })['prompt']).toBe('login')
  })

  it.each(['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token', 'none'])(
    'may ask for %j',
    (responseType) => {
      const link = build({ responseType })
      expect(link['response_type']).toBe(responseType)
      expect(link).not.toHaveProperty('response_mode')
      expect(link['nonce']).toBeTruthy()
    },
  )

  it.each([
    ['code', ['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'], []],
    ['none', ['query', 'fragment', 'form_post'], []],
    ['id_token', ['fragment', 'form_post', 'jwt'], ['query', 'query.jwt']],
    ['id_token token', ['fragment', 'form_post'], ['query']],
    ['code id_token', ['fragment', 'form_post', 'fragment.jwt'], ['query']],
    ['code token', ['fragment', 'form_post', 'form_post.jwt'], ['query']],
    ['code id_token token', ['fragment', 'form_post'], ['query', 'query.jwt']],
  ])('puts no token in a query: the modes of %j are %j [R3] [A16]', async (responseType, modes, never) => {
    for (const responseMode of modes) expect(build({ responseType, responseMode })['response_mode']).toBe(responseMode)
    for (const responseMode of [...never, 'web_message', 'QUERY', '', 5, null, ['query']])
      if (responseMode !== null) expect(await argument({ responseType, responseMode })).toBe('responseMode')
  })

  it('sends S256 by name with a challenge: a missing method would be plain [R5] [J92]', async () => {
    expect(build({ codeChallenge: challenge })).toMatchObject({
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })
    expect(build()).not.toHaveProperty('code_challenge_method')
    expect(await argument({ codeChallengeMethod: 'S256' })).toBe('codeChallenge')
    for (const wrong of ['s256', 'S512', '', 5])
      expect(await argument({ codeChallenge: challenge, codeChallengeMethod: wrong })).toBe('codeChallengeMethod')
    for (const wrong of ['', 'short', 'a'.repeat(129), `${challenge}=`, `${challenge} `, 5, null, {}])
      expect(await argument({ codeChallenge: wrong })).toBe('codeChallenge')
  })

  it('never carries the verifier, though all of generatePkce() is spread into it [R4] [A9]', () => {
    const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    const pkce = { codeVerifier, codeChallenge: challenge, codeChallengeMethod: 'S256' } as const
    const url = buildAuthorizeUrl(config, { ...pkce })
    expect(url.href).not.toContain(codeVerifier)
    expect(build({ ...pkce, accessToken: 'a', secret: 'b', client_secret: 'c', unknown: 'd' })).toEqual({
      ...build(pkce),
      state: expect.any(String),
      nonce: expect.any(String),
    })
  })

  it('never carries the secret of the config [A9]', () => {
    expect(buildAuthorizeUrl({ ...config, secret: 'marked-secret' }).href).not.toContain('marked-secret')
  })

  it('keeps the query of the authorization endpoint [R3] [A10]', () => {
    const endpoints = { authorization: 'https://id.example.com/auth?tenant=1&x=a%20b' }
    const url = buildAuthorizeUrl({ appId, issuer: 'https://id.example.com', redirectUri, endpoints })
    expect(query(url)).toMatchObject({ tenant: '1', x: 'a b', client_id: appId })
    expect(url.origin + url.pathname).toBe('https://id.example.com/auth')
  })

  it('has no parameter twice, even one that the endpoint has already [A10]', () => {
    const endpoints = { authorization: 'https://id.example.com/auth?state=fixed&client_id=other&scope=x' }
    const url = buildAuthorizeUrl({ ...config, endpoints }, { state: 'mine' })
    for (const name of new Set(url.searchParams.keys())) expect(url.searchParams.getAll(name)).toHaveLength(1)
    expect(query(url)).toMatchObject({ state: 'mine', client_id: appId })
  })
})

describe('what a link refuses', () => {
  it.each([
    'client_id',
    'redirect_uri',
    'response_type',
    'response_mode',
    'scope',
    'state',
    'max_age',
    'nonce',
    'prompt',
    'code_challenge',
    'code_challenge_method',
    'code_challenge_anything',
    'request',
    'request_uri',
    'client_secret',
    'code_verifier',
  ])('%s among the extra parameters [R4] [A10]', async (name) => {
    expect(await argument({ extra: { [name]: 'x' } })).toBe(`extra.${name}`)
    expect(await argument({ extra: { [name]: 'x' } }, { protocol: 'oauth' })).toBe(`extra.${name}`)
  })

  it('an extra parameter that is there already [R4]', async () => {
    expect(await argument({ loginHint: 'a', extra: { login_hint: 'b' } })).toBe('extra.login_hint')
    const endpoints = { authorization: 'https://id.example.com/auth?tenant=1' }
    expect(await argument({ extra: { tenant: '2' } }, { endpoints })).toBe('extra.tenant')
    expect(build({ extra: { login_hint: 'b' } })['login_hint']).toBe('b')
  })

  it.each(['state', 'nonce', 'scope', 'prompt', 'loginHint', 'uiLocales', 'acrValues', 'idTokenHint', 'tenantId'])(
    'a %s that is empty or no string',
    async (name) => {
      for (const wrong of ['', 5, true, {}, ['a'], Symbol('a'), Object.create(null)])
        expect(await argument({ [name]: wrong })).toBe(name)
    },
  )

  it('extra parameters that are no strings, or no object', async () => {
    for (const wrong of ['', 5, null, undefined, ['a'], Symbol('a')])
      expect(await argument({ extra: { a: wrong } })).toBe('extra.a')
    for (const wrong of ['a=b', 5, ['a'], true, Symbol('a'), null])
      expect(await argument({ extra: wrong })).toBe('extra')
  })

  it.each([' openid', 'openid ', 'openid  profile', 'openid\tprofile', 'openid\nprofile', 'a"b', 'a\\b', 'öffnen'])(
    'the scope %j [A15]',
    async (scope) => {
      expect(await argument({ scope })).toBe('scope')
    },
  )

  it('prompt none together with another one [A13]', async () => {
    expect(build({ prompt: 'none' })['prompt']).toBe('none')
    for (const prompt of ['none login', 'login none', 'consent none login', 'none none', 'login\nnone', 'none\n'])
      expect(await argument({ prompt })).toBe('prompt')
  })

  it.each([-1, NaN, Infinity, 1.5, 1e21, '60s', '', {}, [], true, Symbol('s'), null])(
    'a max_age of %s',
    async (maxAge) => {
      expect(await argument({ maxAge })).toBe('maxAge')
    },
  )

  it.each([
    'token',
    'code code',
    'id_token code',
    'CODE',
    '',
    'id_token  token',
    'token id_token',
    5,
    {},
    Symbol('code'),
  ])('the response type %s [R6]', async (responseType) => {
    expect(await argument({ responseType })).toBe('responseType')
  })

  it('a missing redirect URI: never the text undefined', async () => {
    expect(await argument({}, { redirectUri: undefined })).toBe('redirectUri')
    for (const wrong of ['', '/callback', 'undefined', 5, null, 'javascript:alert(1)', 'https://app.example.com/#a'])
      expect(await argument({}, { redirectUri: wrong })).toBe('redirectUri')
    expect(await argument({ redirectUri: 'data:,x' })).toBe('redirectUri')
  })

  it('a config without what it needs [R10]', async () => {
    for (const [wrong, path] of [
      [undefined, 'appId'],
      [null, 'appId'],
      [{ appHost, redirectUri }, 'appId'],
      [{ appId, redirectUri }, 'endpoints.authorization'],
      [{ appId, redirectUri, appHost: 'http://sample-app.genauth.ai' }, 'appHost'],
    ] as const)
      expect((await failure(() => buildAuthorizeUrl(wrong as never), 'config_invalid')).issues[0]?.path).toBe(path)
  })

  it('params that are no object, or whose getter throws', async () => {
    const hostile = Object.defineProperty({}, 'scope', {
      enumerable: true,
      get: () => {
        throw new Error('a getter')
      },
    })
    for (const params of [null, 5, 'params', [], Symbol('params'), hostile])
      expect(await argument(params)).toBe('params')
  })

  it('to be guessed: without randomness there is no link', async () => {
    vi.stubGlobal('crypto', undefined)
    try {
      expect((await failure(() => build(), 'unsupported_runtime')).missing).toBe('crypto.getRandomValues')
      expect(build({ state: 's', nonce: 'n' })).toMatchObject({ state: 's', nonce: 'n' })
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('a redirect URI', () => {
  it.each([
    'https://app.example.com/callback?next=%2Fhome&b=c',
    'https://app.example.com',
    'https://APP.example.com/Callback/',
    'com.example.app:/oauth2redirect',
    'http://localhost:3000/callback',
    'https://app.example.com/回调',
  ])('is sent character for character: %s [A2]', (address) => {
    expect(build({ redirectUri: address })['redirect_uri']).toBe(address)
    expect(build({}, { redirectUri: address })['redirect_uri']).toBe(address)
  })
})

describe('a link of OAuth 2.0', () => {
  it('has its own endpoint and scope, and nothing of OpenID Connect', () => {
    const url = buildAuthorizeUrl(oauth)
    expect(url.origin + url.pathname).toBe(`${appHost}/oauth/auth`)
    expect(query(url)).toEqual({
      client_id: appId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'user',
      state: expect.stringMatching(/^[\w-]{43}$/),
    })
    const oidcOnly = {
      nonce: 'n',
      responseMode: 'form_post',
      prompt: 'login',
      maxAge: 1,
      loginHint: 'l',
      acrValues: 'a',
      idTokenHint: 'i',
    }
    const link = query(buildAuthorizeUrl(oauth, oidcOnly as OauthAuthorizeParams))
    expect(Object.keys(link).sort()).toEqual(['client_id', 'redirect_uri', 'response_type', 'scope', 'state'])
    expect(query(buildAuthorizeUrl(oauth, { scope: 'user offline_access' }))).not.toHaveProperty('prompt')
  })

  it('may ask for a token alone, and for none of the types with an ID token [R6]', async () => {
    expect(query(buildAuthorizeUrl(oauth, { responseType: 'token' }))['response_type']).toBe('token')
    for (const responseType of ['id_token', 'code id_token', 'none', 'code token'])
      expect(await argument({ responseType }, { protocol: 'oauth' })).toBe('responseType')
  })

  it('can have PKCE and a tenant', () => {
    expect(query(buildAuthorizeUrl(oauth, { codeChallenge: challenge, tenantId: 't' }))).toMatchObject({
      code_challenge: challenge,
      code_challenge_method: 'S256',
      tenant_id: 't',
    })
  })
})

describe('links of SAML and CAS', () => {
  it('are addresses of the application, without state', () => {
    expect(buildAuthorizeUrl({ ...config, protocol: 'saml' }).href).toBe(`${appHost}/api/v2/saml-idp/${appId}`)
    expect(buildAuthorizeUrl({ ...config, protocol: 'cas' }).href).toBe(`${appHost}/cas-idp/${appId}`)
  })

  it('encode the id and the service [R3]', () => {
    const service = 'https://app.example.com/?a=b&c=d e'
    const url = buildAuthorizeUrl({ ...config, appId: 'a/b?c', protocol: 'cas' }, { service })
    expect(url.pathname).toBe('/cas-idp/a%2Fb%3Fc')
    expect(query(url)).toEqual({ service })
  })

  it('refuse a service that runs code, and need the host of GenAuth [R6]', async () => {
    for (const service of ['javascript:alert(1)', '', '/x', 5, null])
      expect(
        (
          await failure(
            () => buildAuthorizeUrl({ ...config, protocol: 'cas' }, { service } as never),
            'argument_invalid',
          )
        ).argument,
      ).toBe('service')
    for (const protocol of ['saml', 'cas'] as const) {
      const other = { appId, issuer: 'https://id.example.com', protocol }
      expect((await failure(() => buildAuthorizeUrl(other as never), 'config_invalid')).issues[0]?.path).toBe('appHost')
    }
  })
})

describe('any params', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 })
  const token = fc.string({ unit: fc.constantFrom(...Array.from('abzAZ09:/._-~!#')), minLength: 1 })
  const params = fc.record(
    {
      scope: fc.array(token, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join(' ')),
      state: text,
      nonce: text,
      responseType: fc.constantFrom('code', 'code id_token', 'id_token token', 'none'),
      responseMode: fc.constantFrom('fragment', 'form_post'),
      redirectUri: fc.webUrl({ withQueryParameters: true }),
      prompt: fc.constantFrom('none', 'login', 'consent login'),
      maxAge: fc.nat(),
      loginHint: text,
      uiLocales: text,
      acrValues: text,
      idTokenHint: text,
      codeChallenge: fc.string({ unit: fc.constantFrom(...Array.from('aZ9-._~')), minLength: 43, maxLength: 128 }),
      tenantId: text,
    },
    { requiredKeys: [] },
  )
  const wire = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

  it('come back from the link as they were, in one parameter each [R3]', () =>
    fc.assert(
      fc.property(
        params,
        fc.dictionary(
          fc.string({ minLength: 1 }).map((name) => `x-${name}`),
          text,
        ),
        (given, extra) => {
          const url = new URL(buildAuthorizeUrl(config, { ...given, extra } as AuthorizeParams).href)
          for (const [key, value] of Object.entries(given))
            expect(url.searchParams.getAll(wire(key))).toEqual([String(value)])
          for (const [name, value] of Object.entries(extra)) expect(url.searchParams.getAll(name)).toEqual([value])
          expect(new Set(url.searchParams.keys()).size).toBe([...url.searchParams.keys()].length)
        },
      ),
      { numRuns: 300 },
    ))

  it('never change the protected parameters through extra [R4]', () =>
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom('state', 'client_id', 'request', 'nonce', '__proto__')),
          text,
        ),
        (extra) => {
          let url: URL
          try {
            url = buildAuthorizeUrl(config, { state: 's', nonce: 'n', extra })
          } catch (error) {
            expect(error).toMatchObject({ code: 'argument_invalid' })
            return
          }
          expect(query(url)).toMatchObject({ state: 's', nonce: 'n', client_id: appId, redirect_uri: redirectUri })
        },
      ),
      { numRuns: 300 },
    ))
})

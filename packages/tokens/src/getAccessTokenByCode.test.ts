import { describe, expect, it } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import {
  appHost,
  appId,
  at,
  config,
  fakeFetch,
  halfHash,
  idClaims,
  jwt,
  nonce,
  now,
  redirectUri,
  secret,
  subject,
} from '../../../tests/support/tokens.js'
import { getAccessTokenByCode, type CodeParams } from './getAccessTokenByCode.js'
import type { TokenConfig } from '@genauth-oidc/core/types'

const code = 'SplxlOBeZQQYbYS6WxSbIA'
const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const access_token = 'an-access-token'
const oauth = { ...config, protocol: 'oauth' } as const
const answer = (changes: object = {}, claims: object = {}) => ({
  access_token,
  token_type: 'Bearer',
  expires_in: 3600,
  scope: 'email openid profile phone',
  id_token: jwt(idClaims({ at_hash: halfHash(access_token), ...claims })),
  ...changes,
})
const run = async (body: unknown, params: object = {}, settings: object = {}, fields: object = config) => {
  const { fetch, calls } = fakeFetch(() => body)
  const result = getAccessTokenByCode(fields as TokenConfig, { code, ...params }, { fetch, ...at(), ...settings })
  return { tokens: await result, calls }
}
const bad = async (body: unknown, params: object = {}, settings: object = {}, fields: object = config) =>
  (await failure(() => run(body, params, settings, fields), 'response_invalid')).reason
const check = async (claims: object, params: object = {}, fields: object = config, settings: object = {}) =>
  (await failure(() => run(answer({}, claims), params, settings, fields), 'token_invalid')).check

describe('the request', () => {
  it('is one POST with the code, the redirect URI of the link and the client [C28] [C29]', async () => {
    const { calls } = await run(answer())
    expect(calls).toHaveLength(1)
    expect(`${calls[0]?.method} ${calls[0]?.url.href}`).toBe(`POST ${appHost}/oidc/token`)
    expect(Object.fromEntries(calls[0]?.form ?? [])).toEqual({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      client_id: appId,
      client_secret: secret,
    })
  })

  it('has the verifier and another redirect URI when they are given [J94]', async () => {
    const { calls } = await run(answer(), { codeVerifier, redirectUri: 'https://app.example.com/other' })
    expect(calls[0]?.form.get('code_verifier')).toBe(codeVerifier)
    expect(calls[0]?.form.get('redirect_uri')).toBe('https://app.example.com/other')
    expect(calls[0]?.url.search).toBe('')
  })

  it('names the API that the token is for, when that is given', async () => {
    const resource = 'https://api.example.com/orders'
    expect((await run(answer(), { resource })).calls[0]?.form.get('resource')).toBe(resource)
    expect((await failure(() => run(answer(), { resource: '' }), 'argument_invalid')).argument).toBe('resource')
  })

  it('goes below /oauth for that protocol, whose answer has no ID token', async () => {
    const { calls, tokens } = await run(answer({ id_token: undefined, scope: 'user' }), {}, {}, oauth)
    expect(calls[0]?.url.href).toBe(`${appHost}/oauth/token`)
    expect(tokens.claims).toBeUndefined()
  })

  it('is sent once, whatever happens [R9] [B26] [C26]', async () => {
    for (const fault of [
      () => Promise.reject(new TypeError('reset')),
      () => new Response('', { status: 503, headers: { 'retry-after': '0' } }),
      () => new Response('{"error":"invalid_grant"}', { status: 400 }),
      () => answer({ id_token: 'x' }),
    ]) {
      const { fetch, calls } = fakeFetch(fault)
      await failure(() => getAccessTokenByCode(config, { code }, { fetch }))
      expect(calls).toHaveLength(1)
    }
  })

  it.each([
    ['code', { code: undefined }],
    ['code', { code: '' }],
    ['code', { code: 5 }],
    ['redirectUri', { redirectUri: '' }],
    ['redirectUri', { redirectUri: null }],
    ['redirectUri', { redirectUri: 'javascript:alert(1)' }],
    ['codeVerifier', { codeVerifier: 'short' }],
    ['codeVerifier', { codeVerifier: '' }],
    ['codeVerifier', { codeVerifier: null }],
    ['nonce', { nonce: '' }],
    ['nonce', { nonce: 5 }],
  ])('is not made with a wrong %s: %j', async (argument, params) => {
    const { fetch, calls } = fakeFetch(() => answer())
    const error = await failure(
      () => getAccessTokenByCode(config, { code, ...params } as CodeParams, { fetch }),
      'argument_invalid',
    )
    expect(error.argument).toBe(argument)
    expect(calls).toHaveLength(0)
  })

  it('is not made without a redirect URI: never the text undefined', async () => {
    const { fetch, calls } = fakeFetch(() => answer())
    const error = await failure(
      () => getAccessTokenByCode({ appId, appHost, secret }, { code }, { fetch }),
      'argument_invalid',
    )
    expect(error.argument).toBe('redirectUri')
    expect(calls).toHaveLength(0)
  })

  it.each(['saml', 'cas', 'wsfed', 'OIDC', '', null, 5, Symbol('oidc')])(
    'is not made for protocol %s',
    async (protocol) => {
      expect(
        (await failure(() => run(answer(), {}, {}, { ...config, protocol }), 'config_invalid')).issues[0]?.path,
      ).toBe('protocol')
    },
  )
})

describe('the answer', () => {
  it('is given by wire name, with its expiry by the given clock and the checked claims', async () => {
    const body = answer({ refresh_token: 'r', custom: { a: 1 } })
    const { tokens } = await run(body)
    expect(tokens).toEqual({ ...body, expires_at: now + 3600, claims: expect.objectContaining({ sub: subject }) })
  })

  it('cannot say for itself what was checked', async () => {
    const { tokens } = await run(answer({ claims: { sub: 'forged' }, expires_at: 9e9, expires_in: undefined }))
    expect(tokens.claims?.sub).toBe(subject)
    expect(tokens).not.toHaveProperty('expires_at')
    const plain = await run(answer({ claims: { sub: 'forged' }, id_token: undefined }), {}, {}, oauth)
    expect(plain.tokens).not.toHaveProperty('claims')
  })

  it.each([
    [3600, now + 3600],
    ['3600', now + 3600],
    [0, now],
    [59.5, now + 59],
  ])('that lives %j seconds ends at %d [C33]', async (expires_in, expires_at) => {
    expect((await run(answer({ expires_in }))).tokens).toMatchObject({ expires_in: Number(expires_in), expires_at })
  })

  it.each(['expires_in', 'refresh_token', 'scope'])('may lack %s, or have null for it', async (name) => {
    for (const none of [undefined, null]) expect((await run(answer({ [name]: none }))).tokens).not.toHaveProperty(name)
  })

  it.each([
    ['access_token', [undefined, null, '', 5, {}, ['x'], 'a b', 'a\nb', 'a\r\nb', 'ä', ' ', '\0']],
    ['token_type', [null, '', 5, ['Bearer']]],
    ['expires_in', [-1, '-1', 'soon', '', {}, [], true, 1e21, '1e3', 99999999999, '0x10']],
    ['refresh_token', ['', 5, {}, 'a\nb', 'ä']],
    ['scope', [5, {}, ['openid'], true]],
    ['id_token', ['', 5, {}, true]],
  ])('is refused whole with a %s that is %j [C31] [C35]', async (name, values) => {
    for (const value of values)
      expect(await bad(answer({ [name]: value })), JSON.stringify(value)).toBe(
        name === 'token_type' ? 'token_type' : 'shape',
      )
  })

  it.each(['Bearer', 'bearer', 'BEARER'])('may have the type %s [C32]', async (token_type) => {
    expect((await run(answer({ token_type }))).tokens.token_type).toBe(token_type)
  })

  it.each(['mac', 'N_A', 'DPoP', 'Bearer ', 'Bearer2'])('is refused with the type %s [C32]', async (token_type) => {
    expect(await bad(answer({ token_type }))).toBe('token_type')
  })

  it('is refused with Bearer where a proof was sent: that is a downgrade [K100]', async () => {
    const dpop = {
      addProof: () => Promise.resolve(),
      cacheNonce: () => {},
      calculateThumbprint: () => Promise.resolve(''),
    }
    expect(await bad(answer(), {}, { dpop })).toBe('token_type')
    expect((await run(answer({ token_type: 'dpop' }), {}, { dpop })).tokens.token_type).toBe('dpop')
  })
})

describe('an answer without an ID token [R25] [C37]', () => {
  it.each([undefined, null, 'openid', 'profile openid', 'openid profile'])(
    'is refused when the granted scope is %j',
    async (scope) => {
      for (const none of [undefined, null]) expect(await bad(answer({ id_token: none, scope }))).toBe('id_token')
    },
  )

  it.each(['profile', '', 'openid2 profile', 'my.openid'])('is fine when the granted scope is %j', async (scope) => {
    const { tokens } = await run(answer({ id_token: undefined, scope }))
    expect(tokens).not.toHaveProperty('claims')
    expect(tokens.access_token).toBe(access_token)
  })
})

describe('the claims of the ID token', () => {
  it.each([
    ['another issuer [D40]', { iss: `${appHost}/oidc/` }, 'iss'],
    ['no subject [D48]', { sub: undefined }, 'sub'],
    ['another audience [R20] [D41]', { aud: 'another-app' }, 'aud'],
    ['an audience more [R20]', { aud: [appId, 'another-app'] }, 'aud'],
    ['the azp of another client [R20] [D42]', { azp: 'another-app' }, 'azp'],
    ['an expiry that is over [D45]', { exp: now - 31, iat: now - 100 }, 'exp'],
    ['no iat [D45]', { iat: undefined }, 'iat'],
    ['an iat of last week [D45]', { iat: now - 7 * 86_400 }, 'iat'],
    ['an iat in the future', { iat: now + 31 }, 'iat'],
    ['a wrong at_hash [R24] [D49]', { at_hash: halfHash('another-token') }, 'at_hash'],
    ['a wrong c_hash [R24]', { c_hash: halfHash('another-code') }, 'c_hash'],
    ['the scope of an access token', { scope: 'openid' }, 'purpose'],
  ])('are refused with %s', async (_, claims, failed) => {
    expect(await check(claims)).toBe(failed)
  })

  it('have the s_hash of the state that is given, where they have one [R24]', async () => {
    const state = 'a-state'
    expect((await run(answer({}, { s_hash: halfHash(state) }), { state })).tokens.claims).toBeDefined()
    expect((await run(answer(), { state })).tokens.claims).toBeDefined()
    expect(await check({ s_hash: halfHash('another-state') }, { state })).toBe('s_hash')
    expect((await run(answer({}, { s_hash: halfHash(state) }))).tokens.claims).toBeDefined()
  })

  it('may have an audience more that is trusted, and then an azp [R20]', async () => {
    const aud = [appId, 'an-api']
    const trusted = { trustedAudiences: ['an-api'] }
    expect((await run(answer({}, { aud, azp: appId }), trusted)).tokens.claims?.aud).toEqual(aud)
    expect(await check({ aud }, trusted)).toBe('azp')
    expect(await check({ aud, azp: 'an-api' }, trusted)).toBe('azp')
    expect(await check({ aud: [...aud, 'a-third'], azp: appId }, trusted)).toBe('aud')
    expect(await check({ aud: 'an-api', azp: appId }, trusted)).toBe('aud')
    for (const none of [null, 5, 'an-ap', {}, Symbol('x')])
      expect(await check({ aud, azp: appId }, { trustedAudiences: none })).toBe('aud')
    expect((await run(answer({}, { aud: [appId] }))).tokens.claims?.aud).toEqual([appId])
  })

  it.each([
    ['equal', nonce, nonce, true],
    ['another one', nonce, 'another', false],
    ['missing', nonce, undefined, false],
    ['there though there should be none', null, nonce, false],
    ['missing, as it should', null, undefined, true],
    ['not compared', undefined, 'any', true],
    ['not compared, nor there', undefined, undefined, true],
  ])('have a nonce: %s [R19]', async (_, expected, own, passes) => {
    const claims = { nonce: own }
    if (passes) await run(answer({}, claims), { nonce: expected })
    else expect(await check(claims, { nonce: expected })).toBe('nonce')
  })

  it('have a recent auth_time when maxAge was asked for [A14] [D47]', async () => {
    await run(answer({}, { auth_time: now - 60 }), { maxAge: 60 })
    expect(await check({ auth_time: now - 100 }, { maxAge: 60 })).toBe('auth_time')
    expect(await check({}, { maxAge: 60 })).toBe('auth_time')
  })

  it('have the algorithm of the application, never one of their own choice [D44]', async () => {
    for (const alg of ['none', 'None', 'HS512', 'RS256']) {
      const id_token = jwt(idClaims(), { header: { alg } })
      const error = await failure(() => run(answer({ id_token })), 'token_invalid')
      expect(error.check).toBe('alg')
    }
  })

  it.each(['x', 'a.b', 'a.b.c', 'a.b.c.d.e', '..', `${'a'.repeat(70_000)}.b.c`])(
    'are in a JWT, not in %.20s [D52]',
    async (id_token) => {
      await failure(() => run(answer({ id_token })), 'token_invalid')
    },
  )

  it("are those of the sample on GenAuth's page, at the time of its making", async () => {
    // Published with the page: its at_hash is right, its secret is not known, and the code flow over TLS needs none.
    const sample = {
      iss: 'https://oidc1.authing.cn/oidc',
      aud: '5f17a529f64fb009b794a2ff',
      sub: '5ff701d846b9203e2f6ac6f3',
      exp: 1_615_887_187,
      iat: 1_615_883_588,
      nonce: '70TE7yoMTQ',
      email_verified: false,
      updated_at: '2021-03-15T05:54:54.685Z',
      name: null,
    }
    const own = { ...config, issuer: sample.iss }
    const body = answer({ id_token: jwt(sample) })
    const { tokens } = await run(body, { nonce: sample.nonce }, { now: 1_615_883_590_000 }, own)
    expect(tokens.claims).toMatchObject({ sub: sample.sub, name: null })
  })
})

describe('a promise', () => {
  it.each([undefined, null, 5, 'config', {}, { appId }, { appHost }])(
    'rejects, and never throws at once: config %j',
    async (wrong) => {
      const promise = getAccessTokenByCode(wrong as never, { code, redirectUri })
      expect(promise).toBeInstanceOf(Promise)
      await failure(() => promise, 'config_invalid')
    },
  )

  it.each([undefined, null, 5, 'code', []])('rejects params that are %j', async (wrong) => {
    expect((await failure(() => getAccessTokenByCode(config, wrong as never), 'argument_invalid')).argument).toBe(
      'params',
    )
  })
})

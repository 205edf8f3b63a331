import { describe, expect, it } from 'vitest'
import type { OauthConfig, OidcConfig, RequestLike, SigningAlg } from '@genauth-oidc/core/types'
import {
  accessClaims,
  appHost,
  appId,
  at,
  base64url,
  config as confidential,
  issuer,
  jwksFetch,
  jwt,
  keyOf,
  now,
  secret,
  standardAccessClaims,
  subject,
  type Claims,
} from '../../../tests/support/tokens.js'
import type { ExpectedAccessToken } from './types.js'
import { verifyAccessToken } from './verifyAccessToken.js'

const config = { ...confidential, fetch: jwksFetch(keyOf('RS256'), keyOf('ES256')).fetch } as const satisfies OidcConfig
const sign = (claims: Claims, header?: Claims) => jwt(claims, { alg: 'RS256', header })
const verify = (token: unknown, expected?: ExpectedAccessToken, other: OidcConfig = config) =>
  verifyAccessToken(other, token as string, expected, at())
const refused = (check: string) => ({ name: 'OidcError', code: 'token_invalid', check })

const api = 'https://api.example.com'
const standard = { profile: 'rfc9068', audience: api } as const
const typed = { typ: 'at+jwt' }

describe('an access token of GenAuth’s shape [R22]', () => {
  it('passes with its signature, issuer, audience and times', async () => {
    await expect(verify(sign(accessClaims()))).resolves.toMatchObject({
      sub: subject,
      iss: issuer,
      aud: appId,
      scope: 'openid profile orders:read',
      jti: expect.any(String) as string,
    })
  })

  it('may lack sub: a machine has none', async () => {
    const claims = await verify(sign(accessClaims({ sub: undefined })))
    expect(claims.sub).toBeUndefined()
  })

  it('may have a list of audiences that holds this one', async () => {
    await expect(verify(sign(accessClaims({ aud: ['another', appId] })))).resolves.toBeTruthy()
  })

  it('is for the audience that is asked for, and by default for the application', async () => {
    const other = sign(accessClaims({ aud: 'orders-api' }))
    await expect(verify(other)).rejects.toMatchObject(refused('aud'))
    await expect(verify(other, { audience: 'orders-api' })).resolves.toBeTruthy()
    await expect(verify(sign(accessClaims()), { audience: 'orders-api' })).rejects.toMatchObject(refused('aud'))
    for (const audience of ['', null, 1, ['orders-api']])
      await expect(verify(other, { audience } as never), String(audience)).rejects.toMatchObject({ name: 'OidcError' })
  })

  it.each<[string, Claims, string]>([
    ['no scope', { scope: undefined }, 'purpose'],
    ['an empty scope', { scope: '' }, 'purpose'],
    ['a list of scopes', { scope: ['openid'] }, 'purpose'],
    ['a nonce', { nonce: 'n' }, 'purpose'],
    ['a nonce that is null', { nonce: null }, 'purpose'],
    ['at_hash', { at_hash: 'h' }, 'purpose'],
    ['c_hash', { c_hash: 'h' }, 'purpose'],
    ['s_hash', { s_hash: 'h' }, 'purpose'],
    ['events', { events: {} }, 'purpose'],
    ['no jti', { jti: undefined }, 'jti'],
    ['an empty jti', { jti: '' }, 'jti'],
    ['a jti that is a number', { jti: 1 }, 'jti'],
    ['a sub that is a number', { sub: 1 }, 'sub'],
    ['a sub that is null', { sub: null }, 'sub'],
    ['an empty sub', { sub: '' }, 'sub'],
    ['another issuer', { iss: `${issuer}/` }, 'iss'],
    ['no issuer', { iss: undefined }, 'iss'],
    ['issuers in a list', { iss: [issuer] }, 'iss'],
    ['no audience', { aud: undefined }, 'aud'],
    ['an audience that holds the id', { aud: `${appId}-2` }, 'aud'],
    ['audiences in a list of lists', { aud: [[appId]] }, 'aud'],
    ['no exp', { exp: undefined }, 'exp'],
    ['exp at the border', { exp: now - 30, iat: now - 60 }, 'exp'],
    ['no iat', { iat: undefined }, 'iat'],
    ['iat in the future', { iat: now + 31 }, 'iat'],
    ['nbf in the future', { nbf: now + 31 }, 'nbf'],
  ])('is refused with %s', async (_, changes, check) => {
    await expect(verify(sign(accessClaims(changes)))).rejects.toMatchObject(refused(check))
  })

  it.each<unknown>(['at+jwt', 'logout+jwt', 'dpop+jwt', '', null, ['JWT'], 1])(
    'is refused with typ %j',
    async (typ) => {
      // GenAuth names no other type: an absent one is the JWT's own.
      const judged = verify(sign(accessClaims(), { typ }))
      await expect(judged).rejects.toMatchObject(refused('typ'))
    },
  )

  it('is refused with a typ nested deeper than a stack', async () => {
    const header = `{"alg":"RS256","typ":${'['.repeat(9000)}${']'.repeat(9000)}}`
    await expect(verify([base64url(header), base64url({}), 'AA'].join('.'))).rejects.toMatchObject(refused('typ'))
  })

  it('may have no typ', async () => {
    await expect(verify(sign(accessClaims(), { typ: undefined }))).resolves.toBeTruthy()
  })

  it('that is bound to a key is none for a bearer', async () => {
    for (const cnf of [{ jkt: 'thumbprint' }, { 'x5t#S256': 'x' }, null])
      await expect(verify(sign(accessClaims({ cnf })))).rejects.toMatchObject(refused('cnf'))
  })
})

describe('an access token of RFC 9068 [R22]', () => {
  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('passes with typ %s', async (typ) => {
    await expect(verify(sign(standardAccessClaims(), { typ }), standard)).resolves.toMatchObject({ client_id: appId })
  })

  it.each<unknown>(['JWT', undefined, 'at+jwt2', 'xat+jwt', null, ['at+jwt']])(
    'is refused with typ %j',
    async (typ) => {
      await expect(verify(sign(standardAccessClaims(), { typ }), standard)).rejects.toMatchObject(refused('typ'))
    },
  )

  it.each<[string, Claims, string]>([
    ['no sub', { sub: undefined }, 'purpose'],
    ['no client_id', { client_id: undefined }, 'purpose'],
    ['a client_id that is a list', { client_id: [appId] }, 'purpose'],
    ['no jti', { jti: undefined }, 'jti'],
    ['the application as audience', { aud: appId }, 'aud'],
    ['a nonce', { nonce: 'n' }, 'purpose'],
  ])('is refused with %s', async (_, changes, check) => {
    await expect(verify(sign(standardAccessClaims(changes), typed), standard)).rejects.toMatchObject(refused(check))
  })

  it('may lack a scope', async () => {
    await expect(verify(sign(standardAccessClaims({ scope: undefined }), typed), standard)).resolves.toBeTruthy()
  })

  it('asks for an audience: the application is none by default', async () => {
    await expect(verify(sign(standardAccessClaims(), typed), { profile: 'rfc9068' })).rejects.toMatchObject({
      code: 'argument_invalid',
      argument: 'audience',
    })
  })

  it('is not one of GenAuth’s shape, nor the other way round', async () => {
    const both = standardAccessClaims({ aud: [appId, api] })
    await expect(verify(sign(both, typed))).rejects.toMatchObject(refused('typ'))
    await expect(verify(sign(both), standard)).rejects.toMatchObject(refused('typ'))
  })
})

describe('the scope of a call', () => {
  it.each(['', ['orders:read'], 5, null, {}])(
    '%j is none: it would ask for nothing, or for something else',
    async (scope) => {
      const judged = verify(sign(accessClaims()), { scope: scope as string })
      await expect(judged).rejects.toMatchObject({ code: 'argument_invalid', argument: 'scope' })
    },
  )

  it.each<[string, string | undefined, boolean]>([
    ['one that was granted', 'orders:read', true],
    ['all that was granted, in another order', 'orders:read openid profile', true],
    ['none', undefined, true],
    ['one that was not granted', 'orders:write', false],
    ['a part of one', 'orders', false],
    ['one with more behind it', 'orders:read2', false],
    ['one of two', 'openid orders:write', false],
    ['another case', 'Orders:read', false],
    ['the whole text as one', 'profile  orders:read', false],
  ])('%s', async (_, scope, good) => {
    const judged = verify(sign(accessClaims()), { scope })
    if (good) await expect(judged).resolves.toBeTruthy()
    else await expect(judged).rejects.toMatchObject(refused('scope'))
  })

  it('is judged last: without a good token nobody learns what it takes', async () => {
    const forged = jwt(accessClaims(), {
      alg: 'RS256',
      key: keyOf('RS256', 'evil'),
      header: { kid: keyOf('RS256').kid },
    })
    await expect(verify(forged, { scope: 'orders:write' })).rejects.toMatchObject(refused('signature'))
  })

  it('is missing from a token without one', async () => {
    const token = sign(standardAccessClaims({ scope: undefined }), typed)
    await expect(verify(token, { ...standard, scope: 'undefined' })).rejects.toMatchObject(refused('scope'))
    await expect(verify(token, { ...standard, scope: 'orders:read' })).rejects.toMatchObject(refused('scope'))
  })
})

describe('the algorithm of an access token [R22] [R23]', () => {
  it('is RS256, or one that is listed', async () => {
    const es256 = jwt(accessClaims(), { alg: 'ES256' })
    await expect(verify(es256)).rejects.toMatchObject(refused('alg'))
    await expect(verify(es256, { algs: ['ES256'] })).resolves.toBeTruthy()
    await expect(verify(sign(accessClaims()), { algs: ['ES256'] })).rejects.toMatchObject(refused('alg'))
  })

  it('is never symmetric, though the secret is right and somebody lists it', async () => {
    for (const alg of ['HS256', 'HS384', 'HS512'] as const) {
      const token = jwt(accessClaims(), { alg })
      await expect(verify(token)).rejects.toMatchObject(refused('alg'))
      await expect(verify(token, { algs: ['RS256', alg] as never })).rejects.toMatchObject(refused('alg'))
      await expect(verify(token, { algs: [alg] as never })).rejects.toMatchObject({ argument: 'algs' })
      await expect(
        verify(token, { algs: ['RS256', alg] as never }, { ...config, idTokenSigningAlgs: [alg] }),
      ).rejects.toMatchObject(refused('alg'))
    }
  })

  it.each<unknown>([[], null, 'RS256', {}, [''], ['none'], [undefined], ['RS256', 'none'], NaN])(
    'fails closed with the list %j [R10]',
    async (algs) => {
      for (const token of [
        sign(accessClaims()),
        jwt(accessClaims(), { header: { alg: 'none' } }).replace(/[^.]+$/, ''),
      ])
        await expect(verify(token, { algs } as never)).rejects.toMatchObject({ name: 'OidcError' })
    },
  )

  it('does not follow the algorithms of ID tokens', async () => {
    const other = { ...config, idTokenSigningAlgs: ['ES256'] as SigningAlg[] }
    await expect(verify(sign(accessClaims()), {}, other)).resolves.toBeTruthy()
  })
})

describe('an access token in a request', () => {
  const request = (authorization?: string): RequestLike =>
    new Request(`${api}/orders`, authorization === undefined ? {} : { headers: { authorization } })
  const token = sign(accessClaims())

  it.each([`Bearer ${token}`, `bearer ${token}`, `BEARER  ${token}`])('is read from its header', async (header) => {
    await expect(verify(request(header))).resolves.toMatchObject({ sub: subject })
  })

  it.each<[string, string | undefined]>([
    ['no header', undefined],
    ['another scheme', `Basic ${token}`],
    ['a bound one', `DPoP ${token}`],
    ['the scheme alone', 'Bearer'],
    ['no scheme', token],
    ['two tokens', `Bearer ${token} ${token}`],
    ['a list', `Bearer ${token}, Bearer ${token}`],
  ])('is missing with %s', async (_, header) => {
    await expect(verify(request(header))).rejects.toMatchObject({ code: 'token_invalid' })
  })

  it('is never read from the address or a form', async () => {
    const asked = new Request(`${api}/orders?access_token=${token}`, {
      method: 'POST',
      body: new URLSearchParams({ access_token: token }),
    })
    await expect(verify(asked)).rejects.toMatchObject(refused('missing'))
  })

  it.each<unknown>([undefined, null, {}, 1, [], { headers: {} }])('is missing from %j', async (value) => {
    await expect(verify(value)).rejects.toThrow()
  })
})

it('the access token of protocol oauth has its own issuer', async () => {
  const oauth = { appId, appHost, secret, protocol: 'oauth', fetch: config.fetch } as const satisfies OauthConfig
  const token = sign(accessClaims({ iss: `${appHost}/oauth` }))
  await expect(verifyAccessToken(oauth, token, {}, at())).resolves.toBeTruthy()
  await expect(verifyAccessToken(oauth, sign(accessClaims()), {}, at())).rejects.toMatchObject(refused('iss'))
  await expect(verify(token)).rejects.toMatchObject(refused('iss'))
})

import { describe, expect, it } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import {
  appHost,
  appId,
  at,
  config,
  fakeFetch,
  idClaims,
  issuer,
  json,
  jwt,
  nonce,
  now,
  secret,
  subject,
} from '../../../tests/support/tokens.js'
import type { TokenConfig } from '@genauth-oidc/core/types'
import { getNewAccessTokenByRefreshToken } from './getNewAccessTokenByRefreshToken.js'

const refreshToken = '3T49f4Y48szoMmwBXragjqLwQZC4QhgnsM5Oy2WfmU-'
const answer = (changes: object = {}, claims: object = {}) => ({
  access_token: 'a-new-one',
  token_type: 'Bearer',
  expires_in: 3600,
  id_token: jwt(idClaims({ nonce: undefined, ...claims })),
  ...changes,
})
const first = { iss: issuer, sub: subject, aud: appId, nonce, auth_time: now - 5000, azp: appId }
const run = async (body: unknown, params: unknown = refreshToken, fields: object = config) => {
  const { fetch, calls } = fakeFetch(() => body)
  const tokens = await getNewAccessTokenByRefreshToken(fields as TokenConfig, params as string, { fetch, ...at() })
  return { tokens, calls }
}
const check = async (claims: object, before: object = first) =>
  (await failure(() => run(answer({}, claims), { refreshToken, previous: { claims: before } }), 'token_invalid')).check

describe('the request', () => {
  it('is one POST with the refresh token and the client', async () => {
    const { calls } = await run(answer())
    expect(calls.map(({ method, url }) => `${method} ${url.href}`)).toEqual([`POST ${appHost}/oidc/token`])
    expect(Object.fromEntries(calls[0]?.form ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: appId,
      client_secret: secret,
    })
  })

  it('can ask for a part of the scope [G68]', async () => {
    const { calls } = await run(answer(), { refreshToken, scope: 'openid' })
    expect(calls[0]?.form.get('scope')).toBe('openid')
  })

  it('names the API that the token is for, when that is given', async () => {
    const resource = 'https://api.example.com/orders'
    const { calls } = await run(answer(), { refreshToken, resource })
    expect(calls[0]?.form.get('resource')).toBe(resource)
  })

  it('is sent once, and says that the token may be spent [R9]', async () => {
    const { fetch, calls } = fakeFetch(() => Promise.reject(new TypeError('reset')))
    const error = await failure(() => getNewAccessTokenByRefreshToken(config, refreshToken, { fetch }), 'network')
    expect(error).toMatchObject({ retryable: false, mayHaveArrived: true })
    expect(calls).toHaveLength(1)
  })

  it.each([false, null, '', 5, [], {}, { refreshToken: '' }, { refreshToken: 5 }])(
    'needs a token: %j is none',
    async (none) => {
      expect((await failure(() => run(answer(), none), 'argument_invalid')).argument).toBe('refreshToken')
    },
  )

  it.each(['', 5, {}, ['openid'], Symbol('openid')])('has a scope that is a string: %o is none', async (scope) => {
    expect((await failure(() => run(answer(), { refreshToken, scope }), 'argument_invalid')).argument).toBe('scope')
  })
})

describe('the refresh token afterwards', () => {
  it('is the new one when there is one [R26] [G69]', async () => {
    expect((await run(answer({ refresh_token: 'rotated' }))).tokens.refresh_token).toBe('rotated')
  })

  it.each([undefined, null])('is the old one when the answer has %s [R26] [G69]', async (none) => {
    expect((await run(answer({ refresh_token: none }))).tokens.refresh_token).toBe(refreshToken)
    const oauth = { ...config, protocol: 'oauth' }
    expect(
      (await run(answer({ refresh_token: none, id_token: undefined }), refreshToken, oauth)).tokens.refresh_token,
    ).toBe(refreshToken)
  })

  it('is dead after invalid_grant, and only then [G71]', async () => {
    const error = await failure(() => run(json({ error: 'invalid_grant' }, 400)), 'endpoint_error')
    expect(error).toMatchObject({ error: 'invalid_grant', status: 400 })
  })
})

describe('the ID token of the answer [R26] [G70]', () => {
  it.each([[{ toString: 1 }], [[{ toString: 1 }, { toString: 1 }]], [['a']], [5]])(
    'may have no other nonce, and none that is no text: %j',
    async (nonce) => {
      expect(await check({ nonce, azp: appId, auth_time: first.auth_time })).toBe('nonce')
      expect((await run(answer({}, { nonce }))).tokens.claims).toBeDefined()
    },
  )

  it('is not looked at with protocol oauth, which knows none', async () => {
    const { tokens } = await run(answer({ id_token: 'no JWT' }), refreshToken, { ...config, protocol: 'oauth' })
    expect(tokens.claims).toBeUndefined()
  })

  it('speaks of the same user, and its claims are given', async () => {
    const claims = { auth_time: first.auth_time, azp: appId }
    const { tokens } = await run(answer({}, claims), { refreshToken, previous: { claims: first } })
    expect(tokens.claims).toMatchObject({ sub: subject, iat: now })
    expect(tokens.expires_at).toBe(now + 3600)
  })

  it.each([
    ['another user', { sub: 'another-user', auth_time: first.auth_time, azp: appId }, 'sub'],
    ['another time of signing in', { auth_time: now - 10, azp: appId }, 'auth_time'],
    ['no time of signing in, where there was one', { azp: appId }, 'auth_time'],
    ['no azp, where there was one', { auth_time: first.auth_time }, 'azp'],
    ['another nonce', { auth_time: first.auth_time, azp: appId, nonce: 'another' }, 'nonce'],
  ])('is refused with %s', async (_, claims, failed) => {
    expect(await check(claims)).toBe(failed)
  })

  it('is never asked for where the first came from another issuer: a token goes where it came from [G74]', async () => {
    const { fetch, calls } = fakeFetch(() => answer())
    for (const previous of [
      { claims: { ...first, iss: 'https://id.example.com' } },
      { id_token: jwt(idClaims({ iss: 'https://id.example.com' })) },
    ])
      await expect(
        getNewAccessTokenByRefreshToken({ ...config, fetch }, { refreshToken, previous }, at()),
      ).rejects.toMatchObject({ code: 'argument_invalid', argument: 'previous' })
    expect(calls).toHaveLength(0)
  })

  it('speaks of the same user where only the first token was kept [R26]', async () => {
    const id_token = jwt(idClaims({ nonce: undefined }))
    await run(answer({}, { nonce: undefined }), { refreshToken, previous: { id_token } })
    const other = run(answer({}, { nonce: undefined, sub: 'mallory' }), { refreshToken, previous: { id_token } })
    await expect(other).rejects.toMatchObject({ code: 'token_invalid', check: 'sub' })
    // Nobody has checked that one: its claims are not given for checked ones.
    const { tokens } = await run(answer({ id_token: undefined }), { refreshToken, previous: { id_token } })
    expect(tokens.id_token).toBe(id_token)
    expect(tokens).not.toHaveProperty('claims')
  })

  it('may leave the nonce out, or repeat it', async () => {
    for (const own of [undefined, nonce])
      await run(answer({}, { nonce: own, auth_time: first.auth_time, azp: appId }), {
        refreshToken,
        previous: { claims: first },
      })
  })

  it('has the audiences of the first, in any order', async () => {
    const claims = { iss: issuer, sub: subject, aud: [appId, 'an-api'] }
    const previous = { refreshToken, previous: { claims } }
    await run(answer({}, { aud: ['an-api', appId], azp: appId }), previous)
    const error = await failure(() => run(answer({}, { aud: appId }), previous), 'token_invalid')
    expect(error.check).toBe('aud')
    const more = await failure(
      () => run(answer({}, { aud: [appId, 'an-api', 'x'], azp: appId }), previous),
      'token_invalid',
    )
    expect(more.check).toBe('aud')
  })

  it('is checked like any other, also when nothing is known of the first', async () => {
    for (const [claims, failed] of [
      [{ iss: 'https://evil.example.com' }, 'iss'],
      [{ aud: 'another-app' }, 'aud'],
      [{ exp: now - 31, iat: now - 60 }, 'exp'],
      [{ at_hash: 'wrong' }, 'at_hash'],
      [{ iat: now - 631 }, 'iat'],
    ] as const)
      expect((await failure(() => run(answer({}, claims)), 'token_invalid')).check).toBe(failed)
  })

  it('where there is none, the previous one and its claims are kept', async () => {
    const previous = { id_token: 'the-first', claims: first }
    for (const none of [undefined, null]) {
      const { tokens } = await run(answer({ id_token: none }), { refreshToken, previous })
      expect(tokens).toMatchObject({ id_token: 'the-first', claims: first })
    }
    expect((await run(answer({ id_token: undefined }))).tokens).not.toHaveProperty('claims')
  })

  it.each([
    null,
    5,
    'x',
    {},
    { claims: null },
    { claims: 5 },
    { claims: [] },
    { claims: { sub: null } },
    { claims: {} },
  ])('is compared with nothing when what is known of the first is %j', async (previous) => {
    expect((await run(answer(), { refreshToken, previous })).tokens.claims?.sub).toBe(subject)
  })

  it.each([
    Object.assign(Object.create(null) as object, { sub: 'another-user' }),
    { sub: { id: subject } },
    { sub: [subject, 'another-user'] },
    { aud: { app: appId } },
    { auth_time: true },
  ])('is refused when the first is of another kind: %o', async (claims) => {
    await failure(() => run(answer(), { refreshToken, previous: { claims } }), 'token_invalid')
  })
})

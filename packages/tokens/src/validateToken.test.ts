import { describe, expect, it } from 'vitest'
import { failure, leaks } from '../../../tests/support/failure.js'
import {
  accessClaims,
  appHost,
  appId,
  at,
  config,
  fakeFetch,
  idClaims,
  issuer,
  json,
  now,
} from '../../../tests/support/tokens.js'
import { validateToken } from './validateToken.js'

const accessToken = 'marked-access-token'
const idToken = 'marked-id-token'
const run = async (body: unknown, token: unknown = { accessToken }, fields: object = {}, seconds = 0) => {
  const { fetch, calls } = fakeFetch(() => body)
  return { claims: await validateToken({ ...config, ...fields }, token as never, { fetch, ...at(seconds) }), calls }
}
const check = async (claims: object, fields: object = {}, seconds = 0) =>
  (await failure(() => run(accessClaims(claims as never), undefined, fields, seconds), 'token_invalid')).check

describe('validateToken', () => {
  it.each([
    ['access_token', { accessToken }, accessToken],
    ['id_token', { idToken }, idToken],
    ['id_token', { idToken, accessToken: undefined }, idToken],
  ])('asks GenAuth by its only form, a query with %s [R7]', async (name, token, value) => {
    const { calls } = await run(accessClaims(), token)
    expect(calls).toHaveLength(1)
    expect(calls[0]?.method).toBe('GET')
    expect(calls[0]?.headers).not.toHaveProperty('authorization')
    expect((calls[0]?.url.origin ?? '') + (calls[0]?.url.pathname ?? '')).toBe(`${appHost}/api/v2/oidc/validate_token`)
    expect(Object.fromEntries(calls[0]?.url.searchParams ?? [])).toEqual({ [name]: value })
  })

  it('gives the claims, nulls and all', async () => {
    const claims = idClaims({ name: null, email_verified: false })
    expect((await run(claims, { idToken })).claims).toEqual(claims)
    expect((await run(accessClaims({ aud: [appId] }))).claims.aud).toEqual([appId])
  })

  it.each([
    ['neither', {}],
    ['neither, by name', { idToken: undefined, accessToken: undefined }],
    ['both', { idToken, accessToken }],
    ['an empty one', { idToken: '' }],
    ['a number', { accessToken: 5 }],
    ['null', { idToken: null }],
    ['a symbol', { accessToken: Symbol('token') }],
  ])('takes exactly one token, not %s', async (_, token) => {
    expect(['idToken', 'accessToken']).toContain((await failure(() => run({}, token), 'argument_invalid')).argument)
  })

  it.each([undefined, null, 5, 'token', []])('takes an object, not %j', async (token) => {
    const { fetch } = fakeFetch(() => ({}))
    expect((await failure(() => validateToken(config, token as never, { fetch }), 'argument_invalid')).argument).toBe(
      'token',
    )
  })

  it('exists with GenAuth only, and says so [R6]', async () => {
    const other = { appHost: undefined, issuer: 'https://id.example.com' }
    expect((await failure(() => run({}, { idToken }, other), 'config_invalid')).issues[0]?.path).toBe('appHost')
    await failure(() => run({}, { idToken }, { protocol: 'saml' }), 'config_invalid')
  })
})

describe("GenAuth's yes is not enough [R30]", () => {
  it.each([
    ['another issuer', { iss: 'https://other-app.genauth.ai/oidc' }, 'iss'],
    ['an issuer but for a slash', { iss: `${issuer}/` }, 'iss'],
    ['no issuer', { iss: undefined }, 'iss'],
    ['a list of issuers', { iss: [issuer] }, 'iss'],
    ["another application's audience", { aud: 'another-app' }, 'aud'],
    ['no audience', { aud: undefined }, 'aud'],
    ['an empty audience', { aud: [] }, 'aud'],
    ['an audience more', { aud: [appId, 'another-app'] }, 'aud'],
    ['the audience twice', { aud: [appId, appId] }, 'aud'],
    ['an audience in a list of lists', { aud: [[appId]] }, 'aud'],
    ['an audience that is an object', { aud: { [appId]: true } }, 'aud'],
    ['no expiry', { exp: undefined }, 'exp'],
    ['an expiry that is text', { exp: String(now + 60) }, 'exp'],
    ['an expiry that is null', { exp: null }, 'exp'],
  ])('for a token with %s', async (_, claims, failed) => {
    expect(await check(claims)).toBe(failed)
  })

  it('for one whose audience is nested deeper than a stack', async () => {
    const body = `{"iss":"${issuer}","exp":${now + 60},"aud":${'['.repeat(30_000)}${']'.repeat(30_000)}}`
    const { fetch } = fakeFetch(() => json(body))
    const refused = await failure(() => validateToken({ ...config, fetch }, { idToken }, at()), 'token_invalid')
    expect(refused.check).toBe('aud')
  })

  it('for one that is over, by the given clock, at its exact border [R21]', async () => {
    const exp = now + 3600
    await run(accessClaims({ exp }), undefined, {}, 3629)
    expect(await check({ exp }, {}, 3630)).toBe('exp')
    await run(accessClaims({ exp }), undefined, { clockTolerance: 0 }, 3599)
    expect(await check({ exp }, { clockTolerance: 0 }, 3600)).toBe('exp')
    expect(await check({ exp }, { clockTolerance: Infinity }, 4000)).toBe('exp')
    expect(await check({ exp }, { clockTolerance: NaN }, 3631)).toBe('exp')
  })
})

describe("GenAuth's no [R30]", () => {
  it.each([200, 400, 401, 500])('is told with its code and words, whatever the status: %d', async (status) => {
    const error = await failure(
      () => run(json({ code: 400, message: 'id_token is invalid' }, status), { idToken }),
      'endpoint_error',
    )
    expect(error).toMatchObject({
      endpoint: 'validateToken',
      status,
      vendorCode: 400,
      vendorMessage: 'id_token is invalid',
    })
  })

  it('repeats no token [O123]', async () => {
    const error = await failure(
      () => run(json({ code: 400, message: `bad: ${idToken}` }), { idToken }),
      'endpoint_error',
    )
    expect(leaks(error, [idToken])).toEqual([])
  })

  it('is not seen in a token whose claims are called code and message', async () => {
    const claims = accessClaims({ code: 5, message: 'mine' })
    expect((await run(claims)).claims).toEqual(claims)
  })

  it('is not asked for again [R9]', async () => {
    const { fetch, calls } = fakeFetch(() => new Response('', { status: 503, headers: { 'retry-after': '0' } }))
    await failure(() => validateToken(config, { idToken }, { fetch }), 'response_invalid')
    expect(calls).toHaveLength(1)
  })

  it('may come without words', async () => {
    for (const answer of [json({ valid: false }), json({ code: '400', message: 'x' })])
      await failure(() => run(answer), 'token_invalid')
    for (const answer of [new Response('', { status: 500 }), json([]), json('null')])
      await failure(() => run(answer), 'response_invalid')
  })
})

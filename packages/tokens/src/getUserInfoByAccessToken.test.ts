import { describe, expect, it } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { appHost, config, fakeFetch, json, subject } from '../../../tests/support/tokens.js'
import type { TokenConfig } from '@genauth-oidc/core/types'
import { getUserInfoByAccessToken } from './getUserInfoByAccessToken.js'

const accessToken = 'an-access.token_~+/=='
const user = {
  sub: subject,
  name: null,
  email: 'test1@genauth.ai',
  email_verified: false,
  address: { country: null, postal_code: null, region: null, formatted: null },
  updated_at: '2021-03-03T06:17:14.485Z',
  custom: ['a'],
}
const run = async (body: unknown = user, token: unknown = accessToken, fields: object = config) => {
  const { fetch, calls } = fakeFetch(() => body)
  return { info: await getUserInfoByAccessToken(fields as TokenConfig, token as string, { fetch }), calls }
}
const refused = async (body: unknown, token: unknown = accessToken) =>
  (await failure(() => run(body, token), 'response_invalid')).reason

describe('user info [R28]', () => {
  it('is asked for by GET, with the token in the Authorization header and nowhere else [R7] [F61]', async () => {
    const { calls } = await run()
    expect(calls).toHaveLength(1)
    expect(calls[0]).toMatchObject({ method: 'GET', headers: { authorization: `Bearer ${accessToken}` } })
    expect(calls[0]?.url.href).toBe(`${appHost}/oidc/me`)
    expect(`${calls[0]?.form}`).toBe('')
  })

  it('is given as it came, nulls and all', async () => {
    expect((await run()).info).toEqual(user)
  })

  it.each([undefined, null, '', 5, {}, [subject], true])('is refused when sub is %j [F62]', async (sub) => {
    expect(await refused({ ...user, sub })).toBe('sub')
  })

  it('is refused when it speaks of another user than is expected [F62]', async () => {
    await run(user, { accessToken, expectedSubject: subject })
    for (const other of ['another', subject.toUpperCase(), `${subject} `, ''])
      expect(await refused(user, { accessToken, expectedSubject: other })).toBe('sub')
  })

  it('may lack sub with protocol oauth, but not the one that is expected', async () => {
    const oauth = { ...config, protocol: 'oauth' }
    const { info, calls } = await run({ id: 5 }, accessToken, oauth)
    expect(info).toEqual({ id: 5 })
    expect(calls[0]?.url.href).toBe(`${appHost}/oauth/me`)
    await failure(() => run({ id: 5 }, { accessToken, expectedSubject: subject }, oauth), 'response_invalid')
  })

  it.each(['', 'a b', 'a\r\nx: y', 'a\0', 'ä', 'a"b', 'a,b'])(
    'is not asked for with the token %j: nothing is sent [C35]',
    async (token) => {
      const { fetch, calls } = fakeFetch(() => user)
      const error = await failure(() => getUserInfoByAccessToken(config, token, { fetch }), 'argument_invalid')
      expect(error.argument).toBe('accessToken')
      expect(calls).toHaveLength(0)
    },
  )

  it.each([false, null, 5, [], {}, { accessToken: 5 }, Symbol('token')])('needs a token: %o is none', async (none) => {
    expect((await failure(() => run(user, none), 'argument_invalid')).argument).toBe('accessToken')
  })

  it('that is a JWT, a page or nothing is refused [F63] [F64]', async () => {
    expect(await refused(new Response('a.b.c', { headers: { 'content-type': 'application/jwt' } }))).toBe(
      'content_type',
    )
    expect(await refused(new Response('<p>', { headers: { 'content-type': 'text/html' } }))).toBe('content_type')
    expect(await refused(new Response(null, { status: 204 }))).toBe('status')
  })

  it("is refused with the server's words, from the body or the header [F65]", async () => {
    const body = await failure(
      () => run(json({ error: 'invalid_token', error_description: 'expired' }, 401)),
      'endpoint_error',
    )
    expect(body).toMatchObject({
      endpoint: 'userInfo',
      status: 401,
      error: 'invalid_token',
      errorDescription: 'expired',
    })
    const headers = { 'www-authenticate': 'Bearer realm="x", error="invalid_token"' }
    const header = await failure(() => run(new Response('', { status: 401, headers })), 'endpoint_error')
    expect(header).toMatchObject({ status: 401, error: 'invalid_token' })
  })

  it.each(['saml', 'cas'])('is not asked for with a config of %s', async (protocol) => {
    await failure(() => run(user, accessToken, { ...config, protocol }), 'config_invalid')
  })
})

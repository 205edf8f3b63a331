import { describe, expect, it } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { appHost, appId, config, fakeFetch, json, secret } from '../../../tests/support/tokens.js'
import type { TokenConfig } from '@genauth-oidc/core/types'
import { introspectToken } from './introspectToken.js'
import { revokeToken } from './revokeToken.js'

const token = '3T49f4Y48szoMmwBXragjqLwQZC4QhgnsM5Oy2WfmU-'
const alive = {
  active: true,
  sub: '60097f4d5bc08f75da104d18',
  client_id: '60097391b1358c17c5fb0f4e',
  exp: 1612445888,
  iat: 1611236288,
  iss: 'https://core.littleimp.cn/oidc',
  jti: 'TV4J0gAbe4KR4-8CtYcOa',
  scope: 'openid profile email phone offline_access',
  token_type: 'Bearer',
}
const over = (body: unknown) => fakeFetch(() => body)

describe.each([
  ['introspectToken', introspectToken, 'introspection', alive],
  ['revokeToken', revokeToken, 'revocation', new Response('')],
] as const)('%s', (_, run, route, body) => {
  const call = async (given: unknown, fields: object = config) => {
    const { fetch, calls } = over(body instanceof Response ? body.clone() : body)
    await run(fields as TokenConfig, given as string, { fetch })
    return calls
  }

  it('posts the token, never in an address, with the client [R7] [M110] [M111]', async () => {
    const calls = await call(token)
    expect(calls.map(({ method, url }) => `${method} ${url.href}`)).toEqual([`POST ${appHost}/oidc/token/${route}`])
    expect(Object.fromEntries(calls[0]?.form ?? [])).toEqual({ token, client_id: appId, client_secret: secret })
  })

  it('can give a hint of what it is', async () => {
    const calls = await call({ token, tokenTypeHint: 'refresh_token' })
    expect(calls[0]?.form.get('token_type_hint')).toBe('refresh_token')
  })

  it('has an authentication method of its own', async () => {
    const calls = await call(token, {
      ...config,
      tokenEndpointAuthMethod: 'none',
      [`${route}EndpointAuthMethod`]: 'client_secret_basic',
    })
    expect(calls[0]?.headers['authorization']).toBe(`Basic ${btoa(`${appId}:${secret}`)}`)
    expect(calls[0]?.form.has('client_secret')).toBe(false)
  })

  it.each([undefined, null, '', 5, [], {}, { token: '' }, { token: 5 }, Symbol('token')])(
    'needs a token: %o is none',
    async (none) => {
      expect((await failure(() => call(none), 'argument_invalid')).argument).toBe('token')
    },
  )

  it.each(['', 5, {}, Symbol('hint')])('has a hint that is a string: %o is none', async (tokenTypeHint) => {
    await failure(() => call({ token, tokenTypeHint }), 'argument_invalid')
  })

  it.each(['saml', 'cas'])('is not for a config of %s', async (protocol) => {
    await failure(() => call(token, { ...config, protocol }), 'config_invalid')
  })
})

describe('introspection', () => {
  it('gives what the server says of a token that is alive', async () => {
    expect(await introspectToken(config, token, { fetch: over(alive).fetch })).toEqual(alive)
  })

  it.each([false, undefined, null, 'true', 'false', 1, 0, {}, [], [true]])(
    'says inactive, and nothing else, when active is %j [R29] [M111]',
    async (active) => {
      expect(await introspectToken(config, token, { fetch: over({ ...alive, active }).fetch })).toEqual({
        active: false,
      })
    },
  )

  it('needs a secret or a method: none only when the config says so', async () => {
    const open = { appId, appHost }
    const { fetch } = over(alive)
    expect((await failure(() => introspectToken(open, token, { fetch }), 'config_invalid')).issues[0]?.path).toBe(
      'secret',
    )
    await introspectToken({ ...open, introspectionEndpointAuthMethod: 'none' }, token, { fetch })
  })

  it('fails when it is refused, rather than to say inactive', async () => {
    const error = await failure(
      () => introspectToken(config, token, { fetch: over(json({ error: 'invalid_client' }, 401)).fetch }),
      'endpoint_error',
    )
    expect(error).toMatchObject({ endpoint: 'introspection', error: 'invalid_client' })
    for (const answer of [
      json([true]),
      json('x', 200),
      new Response('a.b.c', { headers: { 'content-type': 'application/token-introspection+jwt' } }),
    ])
      await failure(() => introspectToken(config, token, { fetch: over(answer).fetch }), 'response_invalid')
  })
})

describe('revocation [R29] [M110]', () => {
  const html = { headers: { 'content-type': 'text/html' } }
  it.each([
    ['200 and nothing', () => new Response('')],
    ['204', () => new Response(null, { status: 204 })],
    ['200 and a text', () => new Response('OK')],
    ['200 and a page', () => new Response('<p>done</p>', html)],
    ['200 and an object', () => json({})],
    ['200 and any JSON', () => json('[1]')],
  ])('is done with %s', async (_, answer) => {
    expect(await revokeToken(config, token, { fetch: over(answer()).fetch })).toBe(true)
  })

  it.each([
    ['an error with 400', () => json({ error: 'unsupported_token_type' }, 400), 'endpoint_error'],
    ['an error with 200', () => json({ error: 'invalid_request' }), 'endpoint_error'],
    ["GenAuth's error with 200", () => json({ code: 400, message: 'no' }), 'endpoint_error'],
    [
      '503, after which the token lives',
      () => new Response('', { status: 503, headers: { 'retry-after': '7' } }),
      'response_invalid',
    ],
    ['202', () => new Response('', { status: 202 }), 'response_invalid'],
    ['404', () => new Response('', { status: 404 }), 'response_invalid'],
    ['a redirect', () => new Response('', { status: 302 }), 'response_invalid'],
    [
      '200 after a redirect',
      () => Object.defineProperty(new Response(''), 'redirected', { value: true }),
      'response_invalid',
    ],
    ['200 and more than a MiB', () => new Response('x'.repeat((1 << 20) + 1)), 'response_invalid'],
  ] as const)('is not done with %s', async (_, answer, code) => {
    const error = await failure(() => revokeToken(config, token, { fetch: over(answer()).fetch }), code)
    expect(error.endpoint).toBe('revocation')
    expect(error.retryAfter).toBe(error.status === 503 ? 7 : undefined)
  })
})

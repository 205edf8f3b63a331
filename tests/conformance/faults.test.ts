/** Faults of the network, over real sockets: each fault at each endpoint, and what an application is told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { discover } from '@genauth-oidc/core/discover'
import type { OidcErrorCode } from '@genauth-oidc/core/OidcError'
import type { EndpointName, OidcConfig, RequestOptions } from '@genauth-oidc/core/types'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
import { validateToken } from '@genauth-oidc/tokens/validateToken'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { failure } from '../support/failure.js'
import { appId, at, idClaims, jwt, redirectUri, secret } from '../support/tokens.js'

type Handle = (request: IncomingMessage, response: ServerResponse) => void
let server: Server
let handle: Handle
let host: string
let requests: { method: string; path: string; authorization: string | undefined; body: string }[] = []

beforeAll(async () => {
  server = createServer((incoming, response) => {
    let body = ''
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
    incoming.on('end', () => {
      requests.push({
        method: incoming.method ?? '',
        path: (incoming.url ?? '').split('?')[0] ?? '',
        authorization: incoming.headers.authorization,
        body,
      })
      handle(incoming, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  return new Promise<unknown>((resolve) => server.close(resolve))
})
beforeEach(() => {
  requests = []
})

const config = (fields: object = {}): OidcConfig => ({
  appId,
  appHost: host,
  secret,
  redirectUri,
  allowInsecureRequests: true,
  timeout: 10_000,
  ...fields,
})
type Run = (fields?: object, options?: RequestOptions) => Promise<unknown>
const endpoints: Record<string, { at: EndpointName; method: 'GET' | 'POST'; run: Run }> = {
  'the code exchange': {
    at: 'token',
    method: 'POST',
    run: (fields, options) => getAccessTokenByCode(config(fields), { code: 'a-code' }, options),
  },
  'a refresh': {
    at: 'token',
    method: 'POST',
    run: (fields, options) => getNewAccessTokenByRefreshToken(config(fields), 'a-refresh-token', options),
  },
  'user info': {
    at: 'userInfo',
    method: 'GET',
    run: (fields, options) => getUserInfoByAccessToken(config(fields), 'an-access-token', options),
  },
  introspection: {
    at: 'introspection',
    method: 'POST',
    run: (fields, options) => introspectToken(config(fields), 'a-token', options),
  },
  revocation: {
    at: 'revocation',
    method: 'POST',
    run: (fields, options) => revokeToken(config(fields), 'a-token', options),
  },
  'online validation': {
    at: 'validateToken',
    method: 'GET',
    run: (fields, options) => validateToken(config(fields), { accessToken: 'a-token' }, options),
  },
  discovery: { at: 'discovery', method: 'GET', run: (fields, options) => discover(config(fields), options) },
  'the keys': {
    at: 'jwks',
    method: 'GET',
    run: (fields, options) =>
      verifyIdToken(
        { ...config(fields), issuer: 'https://sample-app.genauth.ai/oidc', idTokenSigningAlgs: ['RS256'] },
        jwt(idClaims(), { alg: 'RS256' }),
        {},
        { jwks: new Map(), ...options, ...at() },
      ),
  },
}
const send =
  (status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Handle =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
const silent: Handle = () => {}

describe.each(Object.keys(endpoints))('%s', (name) => {
  const { at: endpoint, method, run } = endpoints[name]!
  const anyBody = name === 'revocation'
  const told = async (given: Handle, code: OidcErrorCode, fields?: object, options?: RequestOptions) => {
    handle = given
    const error = await failure(() => run(fields, options), code)
    expect(error).toMatchObject({ endpoint })
    return error as unknown as Record<string, unknown>
  }

  it('ends at the time limit when the server never answers, and frees the socket', async () => {
    const closed = new Promise<void>((resolve) => {
      handle = (incoming) => incoming.socket.once('close', resolve)
    })
    const error = await failure(() => run({ timeout: 100 }), 'timeout')
    expect(error).toMatchObject({ endpoint, retryable: method === 'GET', mayHaveArrived: true })
    await closed
  })

  it('ends at the time limit when the body drips', async () => {
    const timers: NodeJS.Timeout[] = []
    const drip: Handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      timers.push(setInterval(() => response.write(' '), 20))
    }
    await told(drip, 'timeout', { timeout: 100 })
    timers.forEach(clearInterval)
  })

  it("ends with the caller's reason when the caller leaves", async () => {
    const reason = new Error('left')
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 30)
    const error = await told(silent, 'aborted', {}, { signal: controller.signal })
    expect(error['cause']).toBe(reason)
  })

  it.each([
    ['before the header', (incoming: IncomingMessage) => incoming.socket.resetAndDestroy()],
    [
      'in the body',
      (incoming: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"active":true,"sub":')
        setTimeout(() => incoming.socket.resetAndDestroy(), 10)
      },
    ],
    [
      'short of its length',
      (incoming: IncomingMessage, response: ServerResponse) => {
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
          .write('{"active":true}')
        setTimeout(() => incoming.socket.end(), 10)
      },
    ],
  ] as const)('is a network error when the connection breaks %s, and nothing is sent again [R9]', async (_, given) => {
    expect(await told(given, 'network')).toMatchObject({ retryable: method === 'GET', mayHaveArrived: true })
    expect(requests).toHaveLength(1)
  })

  it('is a network error that carried nothing when nobody listens', async () => {
    const spare = createServer()
    await new Promise<void>((resolve) => spare.listen(0, '127.0.0.1', resolve))
    const { port } = spare.address() as AddressInfo
    await new Promise<unknown>((resolve) => spare.close(resolve))
    const closed = `http://127.0.0.1:${port}`
    const all = Object.fromEntries(
      ['token', 'userInfo', 'introspection', 'revocation', 'jwks'].map((key) => [key, `${closed}/${key}`]),
    )
    const error = await failure(() => run({ appHost: closed, endpoints: all }), 'network')
    expect(error).toMatchObject({ errorCode: 'ECONNREFUSED', mayHaveArrived: false })
  })

  it.each([301, 302, 303, 307, 308])(
    'follows no redirect: %d, and takes no credential anywhere [C30]',
    async (status) => {
      for (const location of [
        '/stolen',
        'https://evil.example.com/',
        'http://localhost:1/',
        'data:application/json,{}',
        'file:///etc/passwd',
      ]) {
        expect(await told(send(status, '{"active":true}', { location }), 'response_invalid')).toMatchObject({
          reason: 'redirect',
          status,
        })
      }
      expect(requests.map(({ path }) => path)).not.toContain('/stolen')
      expect(requests).toHaveLength(5)
    },
  )

  it('cuts what is too large, and a bomb by its decoded size', async () => {
    const open: Handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(1 << 16)));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    }
    expect(await told(open, 'response_invalid')).toMatchObject({ reason: 'too_large' })
    const bomb = gzipSync(Buffer.alloc(4 << 20, 32))
    expect(await told(send(200, bomb, { 'content-encoding': 'gzip' }), 'response_invalid')).toMatchObject({
      reason: 'too_large',
    })
    expect(await told(send(500, 'x'.repeat(1 << 17)), 'response_invalid')).toMatchObject({ reason: 'too_large' })
  })

  it.each([
    ['a page with 502', send(502, '<html>Bad gateway</html>', { 'content-type': 'text/html' }), 'status'],
    ['an empty 403', send(403), 'status'],
    ['503 and when to come back', send(503, '', { 'retry-after': '7' }), 'status'],
    ['500 and an object', send(500, '{"a":1}'), 'status'],
  ] as const)('is told the status: %s', async (_, given, reason) => {
    expect(await told(given, 'response_invalid')).toMatchObject({ reason })
    expect(requests).toHaveLength(1)
  })

  it.each([
    ['a portal that answers 200', send(200, '<html>', { 'content-type': 'text/html' }), 'content_type'],
    ['JSON served as a page', send(200, '{"active":true}', { 'content-type': 'text/html' }), 'content_type'],
    ['a cut object', send(200, '{"active":'), 'json'],
    ['nothing', send(200, ''), 'json'],
    ['a list', send(200, '[]'), 'shape'],
    ['null', send(200, 'null'), 'shape'],
  ] as const)('reads no answer that is %s', async (_, given, reason) => {
    if (anyBody) {
      handle = given
      expect(await run()).toBe(true)
    } else expect(await told(given, 'response_invalid')).toMatchObject({ reason })
  })

  it.each([400, 401, 403, 429, 503, 200])('is told an error body, with status %d', async (status) => {
    const given = send(status, '{"error":"temporarily_unavailable","error_description":"later"}', {
      'retry-after': '9',
    })
    expect(await told(given, 'endpoint_error')).toMatchObject({
      status,
      error: 'temporarily_unavailable',
      errorDescription: 'later',
      retryAfter: 9,
    })
    expect(requests).toHaveLength(1)
  })

  it('asks once, by its own method', async () => {
    await told(send(500), 'response_invalid')
    expect(requests.map((one) => one.method)).toEqual([method])
    expect(requests[0]?.body.includes(encodeURIComponent(secret))).toBe(method === 'POST')
  })
})

describe('memory', () => {
  it('is not filled by what a hostile server sends: the socket is closed', async () => {
    let sent = 0
    const closed = new Promise<void>((resolve) => {
      handle = (incoming, response) => {
        incoming.socket.once('close', resolve)
        response.writeHead(200, { 'content-type': 'application/json' })
        const more = () => {
          while (!response.destroyed && sent < 100 << 20 && response.write(Buffer.alloc(1 << 18, 120))) sent += 1 << 18
          if (!response.destroyed && sent < 100 << 20) response.once('drain', more)
          else response.end()
        }
        more()
      }
    })
    await failure(() => getUserInfoByAccessToken(config(), 'an-access-token'), 'response_invalid')
    await closed
    // What the sockets of both sides hold, and no more of the 100 MiB.
    expect(sent).toBeLessThan(50 << 20)
  })
})

describe('many calls at once', () => {
  it('never mix their answers', async () => {
    handle = (incoming, response) => {
      const token = (incoming.headers.authorization ?? '').slice(7)
      setTimeout(
        () =>
          response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify({ sub: `user-of-${token}` })),
        token.length % 7,
      )
    }
    const own = config()
    const tokens = Array.from({ length: 200 }, (_, i) => `${'t'.repeat(i % 11)}${i}`)
    const found = await Promise.all(tokens.map((token) => getUserInfoByAccessToken(own, token)))
    expect(found.map(({ sub }) => sub)).toEqual(tokens.map((token) => `user-of-${token}`))
  })
})

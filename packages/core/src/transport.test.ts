import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FetchError } from 'ofetch'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { request } from './request.js'
import { createTransport, type TransportOptions } from './transport.js'
import type { Config, FetchInit, FetchLike } from './types.js'

const init = (method: FetchInit['method'] = 'GET', signal: AbortSignal = new AbortController().signal): FetchInit => ({
  method,
  headers: { accept: 'application/json' },
  redirect: 'manual',
  signal,
  ...(method === 'GET' ? {} : { body: 'code=one' }),
})
const url = 'https://id.example.com/x'
const passing = [408, 425, 429, 500, 502, 503, 504]
/** A transport over a fetch that gives one answer after the other; the last one stays. */
const over = (answers: (() => unknown)[], options: TransportOptions = {}) => {
  const seen: FetchInit[] = []
  const fetch = ((_: string, given: FetchInit) => {
    seen.push(given)
    return Promise.resolve((answers[seen.length - 1] ?? answers.at(-1))?.())
  }) as FetchLike
  return { send: createTransport({ fetch, ...options }), seen }
}
const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    new Response(`${code}`, { status: code, headers })
const soon = { 'retry-after': '0' }
const fails =
  (error: unknown = new TypeError('fetch failed')) =>
  () =>
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a fetch may reject with anything
    Promise.reject(error)

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a GET', () => {
  it.each(passing)('is tried again after %d, up to twice', async (code) => {
    const { send, seen } = over([status(code, soon)])
    expect((await send(url, init())).status).toBe(code)
    expect(seen).toHaveLength(3)
  })

  it.each([200, 204, 301, 304, 400, 401, 403, 404, 409, 501])('is not tried again after %d', async (code) => {
    const { send, seen } = over([() => new Response(null, { status: code, headers: soon })])
    expect((await send(url, init())).status).toBe(code)
    expect(seen).toHaveLength(1)
  })

  it('is tried again after a network error, and ends with the answer', async () => {
    const { send, seen } = over([fails(), status(503, soon), status(200)])
    expect(await (await send(url, init())).text()).toBe('200')
    expect(seen).toHaveLength(3)
  })

  it('is tried as often as is said', async () => {
    for (const retries of [0, 1, 4]) {
      const { send, seen } = over([status(503, soon)], { retries })
      await send(url, init())
      expect(seen).toHaveLength(retries + 1)
    }
  })

  it('is tried ten times more at most, and twice where that is no number of times [R10]', async () => {
    vi.useFakeTimers()
    for (const [retries, sent] of [
      [1000, 11],
      [Infinity, 11],
      [NaN, 3],
      [undefined, 3],
      ['x', 3],
      [-1, 3],
    ] as const) {
      const { send, seen } = over([status(503, soon)], { retries: retries as number })
      const running = send(url, init())
      await vi.advanceTimersByTimeAsync(1000)
      expect((await running).status).toBe(503)
      expect(seen, String(retries)).toHaveLength(sent)
    }
  })

  it.each(['dpop', 'DPoP', 'DPOP'])(
    'with a proof is sent once, its header written as %s: a server refuses to see a proof again [RFC 9449 section 11.1]',
    async (name) => {
      for (const answer of [status(503, soon), fails()]) {
        const { send, seen } = over([answer])
        await send(url, { ...init(), headers: { accept: '*/*', [name]: 'a.b.c' } }).catch(() => {})
        expect(seen).toHaveLength(1)
      }
    },
  )

  it.each([
    'https://id.example.com/cas-idp/app/serviceValidate?service=https%3A%2F%2Fapp.example.com&ticket=ST-1&format=JSON',
    'https://id.example.com/cas-idp/app/validate?ticket=ST-1',
    'https://id.example.com/api/v2/oidc/validate_token?access_token=a',
  ])('with something in its address that is good for once is sent once: %s [R9]', async (address) => {
    for (const answer of [status(503, soon), fails()]) {
      const { send, seen } = over([answer])
      await send(address, init()).catch(() => {})
      expect(seen).toHaveLength(1)
    }
  })

  it('waits as long as the server says: in seconds, or until a date', async () => {
    vi.useFakeTimers({ now: 1_800_000_000_000 })
    for (const after of ['3', new Date(1_800_000_003_000).toUTCString()]) {
      vi.setSystemTime(1_800_000_000_000)
      const { send, seen } = over([status(503, { 'retry-after': after }), status(200)])
      const running = send(url, init())
      await vi.advanceTimersByTimeAsync(2990)
      expect(seen).toHaveLength(1)
      await vi.advanceTimersByTimeAsync(20)
      expect((await running).status).toBe(200)
    }
  })

  it('waits a little longer each time where the server says nothing', async () => {
    vi.useFakeTimers()
    const { send, seen } = over([status(503)])
    const running = send(url, init())
    const times: number[] = []
    for (let ms = 0; ms < 1000; ms += 10) {
      await vi.advanceTimersByTimeAsync(10)
      if (seen.length > times.length) times.push(ms)
    }
    await running
    const [first = 0, second = 0, third = 0] = times
    expect(third - second).toBeGreaterThan(second - first)
  })

  it('hands on what it can not wait for: that is the caller to judge', async () => {
    for (const after of ['11', '86400', 'soon', 'Infinity']) {
      const { send, seen } = over([status(429, { 'retry-after': after })])
      const response = await send(url, init())
      expect(response.headers.get('retry-after')).toBe(after)
      expect(await response.text()).toBe('429')
      expect(seen).toHaveLength(1)
    }
  })

  it('cancels the body of an answer that it does not hand on', async () => {
    let cancelled = 0
    const open = () =>
      new Response(
        new ReadableStream({
          cancel: () => {
            cancelled++
          },
        }),
        { status: 503, headers: soon },
      )
    const { send } = over([open, open, status(200)])
    await send(url, init())
    expect(cancelled).toBe(2)
  })
})

describe('a POST', () => {
  it.each(passing)('is sent once, whatever comes: %d [R9]', async (code) => {
    const { send, seen } = over([status(code, soon)])
    expect(await (await send(url, init('POST'))).text()).toBe(`${code}`)
    expect(seen).toHaveLength(1)
  })

  it.each(['POST', 'PUT', 'DELETE'] as const)('or %s is sent once, also after a network error [R9]', async (method) => {
    const { send, seen } = over([fails()])
    await expect(send(url, init(method))).rejects.toThrow(TypeError)
    expect(seen).toHaveLength(1)
  })
})

describe('the transport', () => {
  it('hands the response on unread, of whatever status and type', async () => {
    for (const code of [200, 400, 404, 500]) {
      const { send } = over(
        [() => new Response('{"a":', { status: code, headers: { 'content-type': 'application/json' } })],
        {
          retries: 0,
        },
      )
      const response = (await send(url, init())) as Response
      expect(response.bodyUsed).toBe(false)
      expect(await response.text()).toBe('{"a":')
    }
  })

  it('hands the request on as it is', async () => {
    const { send, seen } = over([status(200)])
    await send(url, init('POST'))
    const { signal, ...rest } = init('POST')
    expect(seen[0]).toEqual({ ...rest, signal: expect.any(AbortSignal) as AbortSignal })
    expect(seen[0]?.signal).not.toBe(signal)
  })

  it('lets a fetch add a header to those that are there, as it may without a transport', async () => {
    const seen: FetchInit[] = []
    const traced: FetchLike = (_, given) => {
      seen.push({ ...given, headers: { ...given.headers, 'x-trace': '1' } })
      return Promise.resolve(Response.json({}))
    }
    await createTransport({ fetch: traced })(url, { ...init('POST'), headers: { authorization: 'Basic x' } })
    expect(seen[0]?.headers).toEqual({ authorization: 'Basic x', 'x-trace': '1' })
  })

  it("lets out the platform's own error, and never a FetchError of ofetch", async () => {
    const own = new TypeError('fetch failed')
    const { send } = over([fails(own)], { retries: 0 })
    const error: unknown = await send(url, init()).catch((thrown: unknown) => thrown)
    expect(error).toBe(own)

    const { send: odd } = over([() => Promise.reject()], { retries: 0 })
    const other: unknown = await odd(url, init()).catch((thrown: unknown) => thrown)
    expect(other).toBeInstanceOf(TypeError)
    expect(other).not.toBeInstanceOf(FetchError)
  })

  it('takes the fetch of the platform, as it is when it sends', async () => {
    const send = createTransport()
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('late')))
    expect(await (await send(url, init())).text()).toBe('late')
  })

  it('has one time limit for all attempts together', async () => {
    const slow = () =>
      new Promise((resolve) => setTimeout(() => resolve(new Response('x', { status: 503, headers: soon })), 40))
    const { send, seen } = over([slow], { timeout: 100, retries: 50 })
    await send(url, init()).catch(() => {})
    expect(seen.length).toBeLessThan(6)
  })

  it('ends a silent exchange at the limit', async () => {
    const silent = createTransport({
      timeout: 50,
      fetch: ((_: string, { signal }: { signal: globalThis.AbortSignal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        })) as unknown as FetchLike,
    })
    await expect(silent(url, init())).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it.each([Infinity, NaN, -1, 2 ** 31, undefined, '5'])(
    'has a limit of ten seconds where it is given as %s, never none or one that is over at once [R10]',
    async (timeout) => {
      vi.useFakeTimers()
      const silent = createTransport({
        timeout: timeout as number,
        fetch: ((_: string, { signal }: { signal: globalThis.AbortSignal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason as Error))
          })) as unknown as FetchLike,
      })
      let ended: unknown
      silent(url, init()).catch((error: unknown) => (ended = error))
      await vi.advanceTimersByTimeAsync(9990)
      expect(ended).toBeUndefined()
      await vi.advanceTimersByTimeAsync(20)
      expect(ended).toMatchObject({ name: 'TimeoutError' })
    },
  )

  it('without a limit hands on what asks for a pause that no timer can hold', async () => {
    const { send, seen } = over([status(503, { 'retry-after': '99999999' })], { timeout: 0 })
    expect((await send(url, init())).status).toBe(503)
    expect(seen).toHaveLength(1)
  })

  it('can have no limit', async () => {
    const { send } = over([status(200)], { timeout: 0 })
    expect((await send(url, init())).status).toBe(200)
  })

  it("obeys the caller's signal: before, while it sends, and while it waits", async () => {
    const reason = new Error('the user left')
    const { send, seen } = over([status(503, { 'retry-after': '5' })])
    await expect(send(url, init('GET', AbortSignal.abort(reason)))).rejects.toBe(reason)
    expect(seen).toHaveLength(0)

    const controller = new AbortController()
    const waiting = send(url, init('GET', controller.signal))
    setTimeout(() => controller.abort(reason), 20)
    await expect(waiting).rejects.toBe(reason)
    expect(seen).toHaveLength(1)
  })
})

describe('over real sockets, below the guarded fetch', () => {
  let server: Server
  let handle: (request: IncomingMessage, response: ServerResponse) => void
  let target: URL
  let got: string[] = []
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      got.push(incoming.method ?? '')
      handle(incoming, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    target = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`)
  })
  afterEach(() => void (got = []))
  afterAll(() => {
    server.closeAllConnections()
    return new Promise<unknown>((resolve) => server.close(resolve))
  })
  const config = (fields: object = {}) =>
    ({ appId: 'app', fetch: createTransport(), timeout: 10_000, ...fields }) as Config
  const get = { method: 'GET', headers: {} } as const
  const post = { method: 'POST', headers: {}, body: 'a=b' } as const

  it('a GET gets through a server that is unwell for a moment', async () => {
    handle = (_, response) => {
      if (got.length < 3) response.writeHead(503, soon).end('unwell')
      else response.end('{"a":1}')
    }
    expect(await request(config(), 'discovery', target, get)).toMatchObject({ status: 200, text: '{"a":1}' })
    expect(got).toEqual(['GET', 'GET', 'GET'])
  })

  it('a GET gets through a connection that was reset', async () => {
    handle = (incoming, response) => {
      if (got.length < 2) incoming.socket.resetAndDestroy()
      else response.end('{}')
    }
    expect(await request(config(), 'discovery', target, get)).toMatchObject({ status: 200 })
    expect(got).toHaveLength(2)
  })

  it('a POST is sent once, and its error is typed [R9]', async () => {
    handle = (incoming) => incoming.socket.resetAndDestroy()
    const error = await failure(() => request(config(), 'token', target, post), 'network')
    expect(error).toMatchObject({ mayHaveArrived: true, retryable: false, errorName: 'TypeError' })
    expect(got).toEqual(['POST'])
  })

  it('a redirect is not followed', async () => {
    handle = (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()
    expect(await request(config(), 'discovery', target, get)).toMatchObject({ status: 302, reason: 'redirect' })
    expect(got).toHaveLength(1)
  })

  it('a large answer is cut as ever', async () => {
    handle = (_, response) => response.end('x'.repeat(2 << 20))
    expect(await request(config(), 'discovery', target, get)).toMatchObject({ reason: 'too_large' })
  })

  it("the caller's signal ends it", async () => {
    handle = () => {}
    const reason = new Error('left')
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 30)
    const error = await failure(
      () => request(config(), 'discovery', target, get, { signal: controller.signal }),
      'aborted',
    )
    expect(error.cause).toBe(reason)
  })

  it('the time limit of the config holds over all attempts', async () => {
    handle = (_, response) => setTimeout(() => response.writeHead(503, soon).end(), 40)
    const fetch = createTransport({ retries: 100 })
    await failure(() => request(config({ fetch, timeout: 120 }), 'discovery', target, get), 'timeout')
  })
})

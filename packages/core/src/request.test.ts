import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getEventListeners } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { failure, leaks } from '../../../tests/support/failure.js'
import { request } from './request.js'
import type { Config, FetchInit, FetchLike, RequestOptions } from './types.js'

const url = new URL('https://id.example.com/token')
// No test waits for this limit; one that has to see a limit sets its own.
const config = (fields: object = {}) =>
  ({ appId: 'app', issuer: 'https://id.example.com', timeout: 10_000, ...fields }) as Config
const soon = { timeout: 60 }
const post = { method: 'POST', headers: { a: 'b' }, body: 'code=one' } as const
const get = { method: 'GET', headers: {} } as const
const ask = (fetch: FetchLike, send: Parameters<typeof request>[3] = get, options: RequestOptions = {}, fields = {}) =>
  request(config(fields), 'token', url, send, { fetch, ...options })
const answers = (body: BodyInit | null, init?: ResponseInit) => () => Promise.resolve(new Response(body, init))
const never = () => new Promise<never>(() => {})
/** A body that gives its chunks and then stays open. */
const open = (...chunks: string[]) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
    },
  })

afterEach(() => void vi.unstubAllGlobals())

describe('a request', () => {
  it('hands the fetch function these five things, and nothing that an edge runtime refuses', async () => {
    const seen: [string, FetchInit][] = []
    const fetch: FetchLike = (to, init) => {
      seen.push([to, init])
      return Promise.resolve(new Response('{}'))
    }
    await ask(fetch, post)
    await ask(fetch, get)
    expect(seen[0]).toEqual([
      url.href,
      { method: 'POST', headers: { a: 'b' }, body: 'code=one', redirect: 'manual', signal: expect.any(AbortSignal) },
    ])
    expect(seen[1]?.[1]).toEqual({ method: 'GET', headers: {}, redirect: 'manual', signal: expect.any(AbortSignal) })
  })

  it('gives status, headers and text, of whatever status', async () => {
    for (const status of [200, 201, 400, 404, 500, 503]) {
      const answer = await ask(answers('text', { status, headers: { 'x-a': 'b' } }))
      expect(answer).toMatchObject({ status, text: 'text' })
      expect(answer.reason).toBeUndefined()
      expect(answer.headers.get('x-a')).toBe('b')
    }
  })

  it("takes the call's fetch before the config's, and that before the platform's", async () => {
    vi.stubGlobal('fetch', answers('platform'))
    const fetch = answers('config')
    expect((await request(config(), 'token', url, get)).text).toBe('platform')
    expect((await request(config({ fetch }), 'token', url, get)).text).toBe('config')
    expect((await request(config({ fetch }), 'token', url, get, { fetch: answers('call') })).text).toBe('call')
  })

  it('says when a runtime has no fetch', async () => {
    vi.stubGlobal('fetch', undefined)
    expect((await failure(() => request(config(), 'token', url, get), 'unsupported_runtime')).missing).toBe('fetch')
  })

  it('reads a body that comes in pieces, split inside of a character', async () => {
    const bytes = new TextEncoder().encode('{"name":"用户😀"}')
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    expect((await ask(answers(body))).text).toBe('{"name":"用户😀"}')
  })

  it('reads a body where the runtime has no streams', async () => {
    const response = { status: 200, headers: new Headers(), text: () => Promise.resolve('text') }
    expect(await ask(() => Promise.resolve(response))).toMatchObject({ text: 'text' })
    const large = { ...response, text: () => Promise.resolve('x'.repeat((1 << 20) + 1)) }
    expect(await ask(() => Promise.resolve(large))).toMatchObject({ text: '', reason: 'too_large' })
    expect(await ask(answers(null, { status: 204 }))).toMatchObject({ status: 204, text: '' })
    // A stream of another kind, as some fetches for Node have it.
    const piped = { ...response, body: { pipe: () => {} } }
    expect(await ask(() => Promise.resolve(piped))).toMatchObject({ text: 'text' })
  })
})

describe('the size of an answer [H82]', () => {
  it.each([
    [200, 1 << 20],
    [201, 1 << 20],
    [400, 1 << 16],
    [500, 1 << 16],
  ])('is limited: with status %d to %d bytes, which still pass', async (status, limit) => {
    expect((await ask(answers('x'.repeat(limit), { status }))).text).toHaveLength(limit)
    const over = await ask(answers('x'.repeat(limit + 1), { status }))
    expect(over).toMatchObject({ text: '', reason: 'too_large' })
  })

  it('counts bytes, not characters', async () => {
    expect(await ask(answers('用'.repeat(1 << 15), { status: 400 }))).toMatchObject({ reason: 'too_large' })
  })

  it('is no matter of whether the body can be cancelled', async () => {
    const stubborn = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1 << 18)),
      cancel: () => Promise.reject(new Error('not now')),
    })
    expect(await ask(answers(stubborn))).toMatchObject({ reason: 'too_large' })
  })

  it('stops reading at the limit, and lets go of an endless body', async () => {
    let pulled = 0
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++
        controller.enqueue(new Uint8Array(1 << 16).fill(120))
      },
      cancel: () => {
        cancelled = true
      },
    })
    expect(await ask(answers(endless))).toMatchObject({ text: '', reason: 'too_large' })
    expect(cancelled).toBe(true)
    expect(pulled).toBeLessThan(25)
  })
})

describe('the encoding of an answer', () => {
  it.each([
    ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['a lone byte of two', Uint8Array.of(123, 0xc3)],
    ['an overlong form', Uint8Array.of(0xc0, 0xaf)],
    ['a lone surrogate', Uint8Array.of(0xed, 0xa0, 0x80)],
    ['Latin-1', Buffer.from('é', 'latin1')],
  ])('is UTF-8: %s is refused', async (_, bytes) => {
    expect(await ask(answers(bytes))).toMatchObject({ text: '', reason: 'encoding' })
  })
})

describe('a redirect [C30]', () => {
  it.each([300, 301, 302, 303, 304, 305, 307, 308, 399])('with status %d is never followed', async (status) => {
    let calls = 0
    const fetch = () => {
      calls++
      const body = status === 304 ? null : 'moved'
      return Promise.resolve(new Response(body, { status, headers: { location: 'https://evil.example.com/' } }))
    }
    expect(await ask(fetch, post)).toMatchObject({ status, text: '', reason: 'redirect' })
    expect(calls).toBe(1)
  })

  it.each([
    ["is a browser's opaque one, whose status is 0", { type: 'opaqueredirect', status: 0 }],
    ['was followed by a fetch that does not obey', { redirected: true }],
    ['shows in another address', { url: 'https://id.example.com/elsewhere' }],
    ['shows in another origin', { url: 'https://evil.example.com/token' }],
    ['shows in a downgrade', { url: 'http://id.example.com/token' }],
  ])('%s', async (_, fields) => {
    const response = { status: 200, headers: new Headers(), text: () => Promise.resolve('{}'), ...fields }
    expect(await ask(() => Promise.resolve(response))).toMatchObject({ reason: 'redirect', text: '' })
  })

  it('is told from an answer of the address itself, which some runtimes do not tell', async () => {
    for (const own of [url.href, '', undefined]) {
      const response = { status: 200, headers: new Headers(), text: () => Promise.resolve('{}'), url: own as string }
      expect((await ask(() => Promise.resolve(response))).reason).toBeUndefined()
    }
  })
})

describe('the time limit [O121]', () => {
  it.each([
    ['a server that never answers', never],
    ['a body that stops in the middle', answers(open('{"access_'))],
    ['a body that never begins', answers(open())],
    [
      'a body that never ends, in a runtime without streams',
      () => Promise.resolve({ status: 200, headers: new Headers(), text: never }),
    ],
  ])('covers %s', async (_, fetch) => {
    const start = performance.now()
    const error = await failure(() => ask(fetch, post, {}, soon), 'timeout')
    expect(performance.now() - start).toBeGreaterThan(50)
    expect(error).toMatchObject({ endpoint: 'token', retryable: false, mayHaveArrived: true })
    expect('cause' in error).toBe(false)
  })

  it('is not extended by a byte now and then', async () => {
    let timer: ReturnType<typeof setInterval> | undefined
    const drip = new ReadableStream<Uint8Array>({
      start: (controller) => {
        timer = setInterval(() => controller.enqueue(Uint8Array.of(32)), 10)
      },
      cancel: () => clearInterval(timer),
    })
    await failure(() => ask(answers(drip), get, {}, soon), 'timeout')
    clearInterval(timer)
  })

  it('ends the exchange: the signal that fetch was given fires', async () => {
    let given: globalThis.AbortSignal | undefined
    const fetch: FetchLike = (_, { signal }) => {
      given = signal
      return never()
    }
    await failure(() => ask(fetch, get, {}, soon), 'timeout')
    expect(given?.aborted).toBe(true)
  })

  it('says that a GET may be tried again, and that a POST may have arrived', async () => {
    const asked = await failure(() => ask(never, get, {}, soon), 'timeout')
    expect(asked).toMatchObject({ retryable: true, message: expect.stringContaining('try again') as string })
    const posted = await failure(() => ask(never, post, {}, soon), 'timeout')
    expect(posted).toMatchObject({ retryable: false, mayHaveArrived: true })
    expect(posted.message).toContain('do not resend')
  })

  it('can be turned off with 0', async () => {
    const late = () => new Promise<Response>((resolve) => setTimeout(() => resolve(new Response('late')), 120))
    expect((await ask(late, get, {}, { timeout: 0 })).text).toBe('late')
    const set = vi.spyOn(globalThis, 'setTimeout')
    await ask(answers('x'), get, {}, { timeout: 0 })
    expect(set).not.toHaveBeenCalled()
    set.mockRestore()
  })

  it.each([undefined, null, NaN, -1, 'soon', {}, Infinity, 2 ** 31, Symbol('ms'), 5n])(
    'is never turned off, nor ends at once, by a config with %s [R10]',
    async (timeout) => {
      const set = vi.spyOn(globalThis, 'setTimeout')
      try {
        expect((await ask(answers('soon'), get, {}, { timeout })).text).toBe('soon')
        const limits = set.mock.calls.map(([, ms]) => ms)
        expect(limits).toHaveLength(1)
        expect(limits[0]).toBeGreaterThanOrEqual(5)
        expect(limits[0]).toBeLessThan(2 ** 31)
      } finally {
        set.mockRestore()
      }
    },
  )

  it('leaves no timer behind', async () => {
    const clear = vi.spyOn(globalThis, 'clearTimeout')
    const set = vi.spyOn(globalThis, 'setTimeout')
    try {
      await ask(answers('a'))
      await failure(() => ask(() => Promise.reject(new Error('no'))), 'network')
      for (const { value } of set.mock.results) expect(clear.mock.calls.flat()).toContain(value)
    } finally {
      clear.mockRestore()
      set.mockRestore()
    }
  })
})

describe("the caller's signal [O121]", () => {
  const reason = new Error('the user left')

  it('that has fired already sends nothing', async () => {
    let calls = 0
    const fetch = () => {
      calls++
      return never()
    }
    const error = await failure(() => ask(fetch, post, { signal: AbortSignal.abort(reason) }), 'aborted')
    expect(error).toMatchObject({ endpoint: 'token', retryable: false, mayHaveArrived: false })
    expect(error.cause).toBe(reason)
    expect(calls).toBe(0)
  })

  it.each([
    ['before the answer', never],
    ['in the body', answers(open('{"acc'))],
  ])('ends the call %s, even where fetch ignores it', async (_, fetch) => {
    const controller = new AbortController()
    const running = failure(() => ask(fetch as FetchLike, post, { signal: controller.signal }), 'aborted')
    await new Promise((resolve) => setTimeout(resolve, 10))
    controller.abort(reason)
    const error = await running
    expect(error.cause).toBe(reason)
    expect(error).toMatchObject({ mayHaveArrived: true, retryable: false })
  })

  it('changes nothing after the answer', async () => {
    const controller = new AbortController()
    const answer = await ask(answers('whole'), get, { signal: controller.signal })
    controller.abort(reason)
    expect(answer.text).toBe('whole')
  })

  it('keeps no listener, however the call ends', async () => {
    const { signal } = new AbortController()
    await ask(answers('a'), get, { signal })
    await failure(() => ask(() => Promise.reject(new Error('no')), get, { signal }), 'network')
    await failure(() => ask(never, get, { signal }, soon), 'timeout')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('with a reason of its own kind, or none, is still the cause', async () => {
    for (const why of ['gone', 0, null, { a: 1 }])
      expect((await failure(() => ask(never, get, { signal: AbortSignal.abort(why) }), 'aborted')).cause).toBe(why)
    const silent = await failure(() => ask(never, get, { signal: AbortSignal.abort() }), 'aborted')
    expect(silent.cause).toMatchObject({ name: 'AbortError' })
  })

  it('is not to blame when fetch fails on its own', async () => {
    const { signal } = new AbortController()
    const error = await failure(
      () => ask(() => Promise.reject(new DOMException('x', 'AbortError')), get, { signal }),
      'network',
    )
    expect(error.errorName).toBe('AbortError')
    expect('cause' in error).toBe(false)
  })

  it.each([5, 'signal', {}, { aborted: false }])('that is none ends in a typed error: %j', async (signal) => {
    await failure(() => ask(answers('a'), get, { signal: signal as never }))
  })
})

describe('a request without a whole answer', () => {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a fetch may reject with anything
  const fails = (error: unknown) => () => Promise.reject(error)
  const coded = (code: string) =>
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code }) })

  it.each([
    ['ECONNREFUSED', false],
    ['ENOTFOUND', false],
    ['EAI_AGAIN', false],
    ['ECONNRESET', true],
    ['UND_ERR_SOCKET', true],
    ['EPIPE', true],
    ['CERT_HAS_EXPIRED', true],
  ])('tells the code %s, and whether the server may have acted', async (code, mayHaveArrived) => {
    expect(await failure(() => ask(fails(coded(code)), post), 'network')).toMatchObject({
      endpoint: 'token',
      errorName: 'TypeError',
      errorCode: code,
      mayHaveArrived,
      retryable: false,
    })
    expect(await failure(() => ask(fails(coded(code)), get), 'network')).toMatchObject({ retryable: true })
  })

  it('is never a part of an answer: the connection breaks in the body', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"access_token":'))
        controller.error(coded('ECONNRESET'))
      },
    })
    expect(await failure(() => ask(answers(broken), post), 'network')).toMatchObject({ mayHaveArrived: true })
  })

  it.each([
    undefined,
    null,
    5,
    'text',
    Symbol('why'),
    {},
    { name: { secret: 1 }, code: 5 },
    Object.create(null) as object,
  ])('is typed whatever fetch rejects with: %o', async (thrown) => {
    const error = await failure(() => ask(fails(thrown), post), 'network')
    expect([undefined, 'string']).toContain(typeof error.errorName === 'string' ? 'string' : error.errorName)
  })

  it('is typed when fetch throws at once, or gives no response', async () => {
    await failure(
      () =>
        ask(() => {
          throw new TypeError('at once')
        }, post),
      'network',
    )
    for (const none of [undefined, null, 5, 'text', {}, { status: 200 }])
      await failure(() => ask(() => Promise.resolve(none as never), post), 'network')
    for (const none of [undefined, null, 5, {}]) await failure(() => ask((() => none) as never, post), 'network')
    await failure(() => ask('no function' as never, post), 'network')
  })

  it('is typed when what is thrown may not be looked at', async () => {
    const sly = {
      get code() {
        throw new Error('not for you')
      },
    }
    await failure(() => ask(fails(sly), post, {}, { timeout: 0 }), 'network')
  })

  it('is typed when an answer has no headers, or none that can be read', async () => {
    const headers = {
      get() {
        throw new Error('marked-secret-27c1')
      },
    }
    for (const odd of [{ status: 200 }, { status: 200, headers, text: () => Promise.resolve('{}') }]) {
      const error = await failure(() => ask((() => Promise.resolve(odd)) as never), 'network')
      expect(leaks(error, ['marked-secret-27c1'])).toEqual([])
    }
  })

  it("never copies a platform's message, which quotes headers and addresses [O123]", async () => {
    const marked = 'marked-secret-27c1'
    const error = Object.assign(new TypeError(`Header value ${marked}`), {
      cause: new Error(marked),
      request: { headers: { authorization: marked } },
      input: `https://id.example.com/?${marked}`,
    })
    expect(leaks(await failure(() => ask(fails(error), post), 'network'), [marked])).toEqual([])
  })
})

describe('over real sockets', () => {
  let server: Server
  let handle: (request: IncomingMessage, response: ServerResponse) => void
  let target: URL
  beforeAll(async () => {
    server = createServer((incoming, response) => handle(incoming, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    target = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/token`)
  })
  afterAll(() => {
    server.closeAllConnections()
    return new Promise<unknown>((resolve) => server.close(resolve))
  })
  const real = (send: Parameters<typeof request>[3] = post, fields = {}) =>
    request(config(fields), 'token', target, send)

  it('an answer comes whole', async () => {
    handle = (_, response) => response.end('{"a":1}')
    expect(await real()).toMatchObject({ status: 200, text: '{"a":1}' })
  })

  it('no redirect is followed, and no credential goes to where it points', async () => {
    const paths: string[] = []
    handle = (incoming, response) => {
      paths.push(incoming.url ?? '')
      response.writeHead(307, { location: '/stolen' }).end('body')
    }
    expect(await real()).toMatchObject({ status: 307, reason: 'redirect' })
    expect(paths).toEqual(['/token'])
  })

  it('a silent server is left, and its socket freed', async () => {
    const closed = new Promise<void>((resolve) => {
      handle = (incoming) => incoming.socket.on('close', resolve)
    })
    await failure(() => real(post, { timeout: 50 }), 'timeout')
    await closed
  })

  it('a compressed bomb is cut by its decoded size', async () => {
    const { gzipSync } = await import('node:zlib')
    const bomb = gzipSync(Buffer.alloc(8 << 20, 32))
    handle = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    expect(await real()).toMatchObject({ reason: 'too_large', text: '' })
  })

  it('a reset in the header or in the body is a network error', async () => {
    handle = (incoming) => incoming.socket.resetAndDestroy()
    expect(await failure(() => real(), 'network')).toMatchObject({ mayHaveArrived: true, retryable: false })
    handle = (incoming, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"a":')
      setTimeout(() => incoming.socket.resetAndDestroy(), 20)
    }
    expect(await failure(() => real(), 'network')).toMatchObject({ mayHaveArrived: true })
  })

  it('a refused connection carried nothing', async () => {
    const spare = createServer()
    await new Promise<void>((resolve) => spare.listen(0, '127.0.0.1', resolve))
    const { port } = spare.address() as AddressInfo
    await new Promise<unknown>((resolve) => spare.close(resolve))
    const error = await failure(() => request(config(), 'token', new URL(`http://127.0.0.1:${port}/`), post), 'network')
    expect(error).toMatchObject({ errorCode: 'ECONNREFUSED', mayHaveArrived: false })
  })
})

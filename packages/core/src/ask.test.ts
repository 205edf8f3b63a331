import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failure, leaks } from '../../../tests/support/failure.js'
import { fakeFetch, json } from '../../../tests/support/tokens.js'
import { authenticate } from './authenticate.js'
import { ask, type Judge, type Question } from './ask.js'
import type { Config, JsonObject, RequestOptions } from './types.js'

const config = { appId: 'app', issuer: 'https://id.example.com', timeout: 10_000 } as Config
const url = new URL('https://id.example.com/token')
const now = 1_800_000_000_000
const whole: Judge<JsonObject> = (body) => body
const form = () => new URLSearchParams({ grant_type: 'authorization_code', code: 'marked-code-5d1e' })

/** Asks with a form, and gets one answer. */
const post = (answer: () => unknown, options: RequestOptions = {}, judge: Judge<unknown> | undefined = whole) =>
  ask(config, 'token', url, () => ({ form: form() }), { fetch: fakeFetch(answer).fetch, now, ...options }, judge)
const raw = (body: BodyInit | null, type: string | null = 'application/json', status = 200, headers = {}) => {
  const response = new Response(body, { status, headers })
  if (type === null) response.headers.delete('content-type')
  else response.headers.set('content-type', type)
  return response
}
const reason = async (answer: () => unknown) => (await failure(() => post(answer), 'response_invalid')).reason

describe('what is asked', () => {
  it('is a GET without a body, or a form that is posted [C28]', async () => {
    const { fetch, calls } = fakeFetch(() => ({ a: 1 }))
    await ask(config, 'discovery', url, () => ({}), { fetch }, whole)
    await ask(config, 'token', url, () => ({ form: form() }), { fetch }, whole)
    expect(calls[0]).toMatchObject({ method: 'GET', headers: { accept: 'application/json' } })
    expect(calls[0]?.headers).not.toHaveProperty('content-type')
    expect(calls[1]?.method).toBe('POST')
    expect(calls[1]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
    expect(calls[1]?.headers['accept']).toBe('application/json')
    expect(Object.fromEntries(calls[1]?.form ?? [])).toEqual(Object.fromEntries(form()))
  })

  it('carries a token in the Authorization header only [R7]', async () => {
    const { fetch, calls } = fakeFetch(() => ({ a: 1 }))
    await ask(config, 'userInfo', url, () => ({ token: 'a-token' }), { fetch }, whole)
    expect(calls[0]?.headers['authorization']).toBe('Bearer a-token')
    expect(calls[0]?.url.href).toBe(url.href)
  })

  it.each([
    ['network', () => Promise.reject(new TypeError('reset'))],
    ['response_invalid', () => json({}, 503, { 'retry-after': '0' })],
    ['endpoint_error', () => json({ error: 'temporarily_unavailable' }, 503)],
    ['endpoint_error', () => json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': 'n' })],
    ['response_invalid', () => json('nonsense', 502)],
  ] as const)('is sent once, also after %s [R9]', async (code, answer) => {
    const { fetch, calls } = fakeFetch(answer)
    await failure(() => ask(config, 'token', url, () => ({ form: form() }), { fetch }, whole), code)
    expect(calls).toHaveLength(1)
  })

  it("has the caller's own headers", async () => {
    const { fetch, calls } = fakeFetch(() => ({}))
    await ask(config, 'token', url, () => ({ form: form() }), { fetch, headers: { 'x-trace': 'one two' } }, whole)
    expect(calls[0]?.headers['x-trace']).toBe('one two')
  })

  it.each(['authorization', 'Authorization', 'CONTENT-TYPE', 'content-length', 'accept', 'Cookie', 'host', 'DPoP'])(
    'keeps the header %s for the protocol',
    async (name) => {
      const { fetch, calls } = fakeFetch(() => ({}))
      const error = await failure(() => post(() => ({}), { fetch, headers: { [name]: 'x' } }), 'argument_invalid')
      expect(error.argument).toBe('headers')
      expect(calls).toHaveLength(0)
    },
  )

  it.each([
    ['a line break', { 'x-a': 'b\r\ncookie: c' }],
    ['a NUL', { 'x-a': 'b\0c' }],
    ['a letter beyond ASCII', { 'x-a': 'ä' }],
    ['a line break in its name', { 'x-a\r\ncookie': 'b' }],
    ['a space in its name', { 'x a': 'b' }],
    ['a colon in its name', { 'cookie:x': 'b' }],
    ['no name', { '': 'b' }],
    ['a number', { 'x-a': 5 }],
    ['no value', { 'x-a': undefined }],
    ['a symbol', { 'x-a': Symbol('b') }],
    ['a list', { 'x-a': ['b'] }],
    ['no primitive form', { 'x-a': Object.create(null) as object }],
  ])('has no header with %s: nothing is sent', async (_, headers) => {
    const { fetch, calls } = fakeFetch(() => ({}))
    const error = await failure(() => post(() => ({}), { fetch, headers: headers as never }), 'argument_invalid')
    expect(error.argument).toBe('headers')
    expect(calls).toHaveLength(0)
  })

  it('shows nothing of what a failing ClientAuth function says', async () => {
    const question = (): Question => {
      throw new Error('marked-key-material')
    }
    const error = await failure(() =>
      ask(config, 'token', url, question, { fetch: fakeFetch(() => ({})).fetch }, whole),
    )
    expect(leaks(error, ['marked-key-material'])).toEqual([])
  })
})

describe('a successful answer', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON',
    'application/json ; a=b',
    'application/jwk-set+json',
  ])('has the content type %s [C31]', async (type) => {
    expect(await post(() => raw('{"a":1}', type))).toEqual({ a: 1 })
  })

  it.each([
    null,
    '',
    'text/html',
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/json-seq',
    'application/problem+json',
    'application/jwt',
    'text/html; application/json',
    'xapplication/json',
    'application/json, text/html',
    'multipart/form-data',
  ])('does not have the content type %s, even if its body parses [C31]', async (type) => {
    expect(await reason(() => raw('{"access_token":"x"}', type))).toBe('content_type')
  })

  it.each([201, 202, 203, 204, 206, 400, 401, 403, 404, 405, 500, 501, 502, 503, 504])(
    'has status 200, not %d [C31]',
    async (status) => {
      expect(await reason(() => raw(status === 204 ? null : '{"a":1}', 'application/json', status))).toBe('status')
    },
  )

  it.each(['[]', '"text"', '5', 'null', 'true', '[{"access_token":"x"}]'])('is an object, not %s', async (text) => {
    expect(await reason(() => raw(text))).toBe('shape')
  })

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a cut object', '{"access_token":"x'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['NaN', '{"a":NaN}'],
    ['a comment', '{"a":1} // b'],
    ['two objects', '{"a":1}{"b":2}'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a form', 'access_token=x&token_type=bearer'],
    ['a page', '<!doctype html><title>Sign in</title>'],
    ['100 000 open brackets', '['.repeat(100_000)],
    ['100 000 open objects', '{"a":'.repeat(100_000)],
    ['a line break in a string', '{"a":"b\nc"}'],
  ])('is JSON, not %s', async (_, text) => {
    expect(await reason(() => raw(text))).toBe('json')
  })

  it('may be nested deeply, which ends in no overflow', async () => {
    const depth = 100_000
    expect(await post(() => raw(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`))).toHaveProperty('a')
  })

  it('has the last of two members of one name [R35]', async () => {
    expect(await post(() => raw('{"sub":"first","sub":"last"}'))).toEqual({ sub: 'last' })
  })

  it('changes no prototype [O124]', async () => {
    const text = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'
    const body = await post(() => raw(text))
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    // Members that only the prototype has say nothing.
    expect(await post(() => raw('{"a":1}'))).toEqual({ a: 1 })
  })

  it('whose body means nothing may have any, and any type, with 200 or 204 [R29]', async () => {
    for (const answer of [raw(''), raw(null, null, 204), raw('OK', 'text/plain'), raw('<p>', 'text/html'), raw('[]')])
      expect(
        await ask(config, 'revocation', url, () => ({ form: form() }), { fetch: fakeFetch(() => answer).fetch }),
      ).toBe(true)
    for (const status of [201, 202, 400, 404, 500, 503]) {
      const { fetch } = fakeFetch(() => raw('', null, status))
      await failure(() => ask(config, 'revocation', url, () => ({ form: form() }), { fetch }), 'response_invalid')
    }
  })

  it('of any bytes ends in a result or a typed error', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        fc.constantFrom(200, 200, 200, 204, 302, 400, 401, 500),
        fc.constantFrom('application/json', 'text/html', null),
        async (bytes, status, type) => {
          const body = status === 204 ? null : Uint8Array.from(bytes)
          const result = await post(() => raw(body, type, status)).catch((error: unknown) => error)
          expect(result).toBeTypeOf('object')
          if (result instanceof Error)
            expect(['response_invalid', 'endpoint_error']).toContain((result as { code?: string }).code)
        },
      ),
      { numRuns: 300 },
    ))
})

describe('an error answer', () => {
  const refused = (answer: () => unknown) => failure(() => post(answer), 'endpoint_error')

  it.each([400, 401, 403, 429, 500, 503, 200])('of OAuth is typed, with status %d [C36]', async (status) => {
    const error = await refused(() => json({ error: 'invalid_grant', error_description: 'The code is used.' }, status))
    expect(error).toMatchObject({
      endpoint: 'token',
      status,
      error: 'invalid_grant',
      errorDescription: 'The code is used.',
    })
    expect(error.message).not.toContain('invalid_grant')
    expect(error.vendorCode).toBeUndefined()
  })

  it.each([400, 401, 200, 404])("of GenAuth's own kind is typed, with status %d [R30]", async (status) => {
    const error = await refused(() => json({ code: 400, message: 'id_token is invalid' }, status))
    expect(error).toMatchObject({ status, vendorCode: 400, vendorMessage: 'id_token is invalid' })
    expect(error.error).toBeUndefined()
    // Whatever stands beside it.
    const odd = await refused(() => json({ code: 400, message: 'm', error: { toString: 1, valueOf: 1 } }, status))
    expect(odd).toMatchObject({ vendorCode: 400, error: undefined })
  })

  it.each([
    ['a sub', { code: 5, message: 'm', sub: 'user' }],
    ['an iss', { code: 5, message: 'm', iss: 'https://id.example.com' }],
    ['a jti', { code: 5, message: 'm', jti: 'one' }],
    ['a code that is no number', { code: '5', message: 'm' }],
    ['a message that is no string', { code: 5, message: null }],
    ['no message', { code: 5 }],
  ])("is none of GenAuth's when the body has %s: tenants may define such claims [R30]", async (_, body) => {
    expect(await post(() => json(body))).toEqual(body)
  })

  it('of OAuth is one whatever else its body says, be it of a token or a user [R29]', async () => {
    for (const more of [{ sub: 'user' }, { iss: 'https://id.example.com' }, { jti: 'one', active: true }]) {
      const { fetch } = fakeFetch(() => json({ error: 'e', ...more }))
      for (const judge of [whole, undefined]) {
        const asked = () => ask(config, 'token', url, () => ({ form: form() }), { fetch }, judge)
        expect((await failure(asked, 'endpoint_error')).error).toBe('e')
      }
    }
  })

  it('never quotes the secret, as it is or as it stands in a header of basic authentication [O123]', async () => {
    const secret = 'a secret: with signs & more than that'
    const coded = `${new URLSearchParams([['', secret]])}`.slice(1)
    const { fetch } = fakeFetch(() => json({ error: 'invalid_client', error_description: `${secret}, ${coded}` }, 401))
    const basic = { ...config, secret, tokenEndpointAuthMethod: 'client_secret_basic' } as const
    const asked = async () => ({ form: form(), ...(await authenticate(basic as never, 'token', url, form())) })
    const error = await failure(() => ask(basic as never, 'token', url, asked, { fetch }, whole), 'endpoint_error')
    expect(error.errorDescription).toBe('[redacted], [redacted]')
  })

  it('keeps its code, though something that was sent is a part of it [R26]', async () => {
    for (const [error, said] of [
      ['invalid_grant', 'invalid_grant'],
      ['authorization_pending', 'authorization_pending'],
      ['invalid_refresh_token', 'invalid_refresh_token'],
      ['Wrong grant', 'Wrong [redacted]'],
    ] as const) {
      const { fetch } = fakeFetch(() => json({ error, error_description: 'no grant' }, 400))
      const sent = () => ({ form: new URLSearchParams({ client_id: 'grant', grant_type: 'refresh_token' }) })
      const options = { fetch, headers: { 'x-service': 'auth' } }
      expect(await failure(() => ask(config, 'token', url, sent, options, whole), 'endpoint_error')).toMatchObject({
        error: said,
        errorDescription: 'no [redacted]',
      })
    }
  })

  it('is none when nobody reads the body, and it is no text at all [R29]', async () => {
    const latin1 = () => raw(new Uint8Array([0x4f, 0x4b, 0xe9, 0x20]), 'text/plain; charset=latin1')
    expect(await ask(config, 'revocation', url, () => ({ form: form() }), { fetch: fakeFetch(latin1).fetch })).toBe(
      true,
    )
    expect(await reason(latin1)).toBe('encoding')
  })

  it.each([undefined, null, 5, true, {}, [], ''])('is none of OAuth when error is %j', async (error) => {
    expect(await post(() => json({ error, a: 1 }))).toMatchObject({ a: 1 })
    await failure(() => post(() => json({ error, a: 1 }, 400)), 'response_invalid')
  })

  it('is typed whatever its content type is, since real servers are lax', async () => {
    expect(await refused(() => raw('{"error":"invalid_client"}', 'text/html', 401))).toMatchObject({
      error: 'invalid_client',
    })
  })

  it.each([
    ['an empty 403', raw('', null, 403), 'status'],
    ["a proxy's page with 502", raw('<html>Bad gateway</html>', 'text/html', 502), 'status'],
    ['a portal that answers 200', raw('<html>Log in to the hotel</html>', 'text/html'), 'content_type'],
    ['a page served as JSON', raw('<html>', 'application/json'), 'json'],
  ] as const)('that is none becomes response_invalid: %s', async (_, answer, why) => {
    const error = await failure(() => post(() => answer), 'response_invalid')
    expect(error).toMatchObject({ endpoint: 'token', status: answer.status, reason: why })
    expect(inspect(error)).not.toContain('html')
  })

  it('that is a redirect is never read', async () => {
    expect(await reason(() => raw('{"error":"x"}', 'application/json', 302))).toBe('redirect')
  })

  it('that is too large or no text is not read', async () => {
    expect(await reason(() => raw('x'.repeat(70_000), 'application/json', 400))).toBe('too_large')
    expect(await reason(() => raw(Uint8Array.of(0xff), 'application/json'))).toBe('encoding')
  })

  it.each([undefined, null, 5, {}, ['text']])('has no description when that is %j', async (description) => {
    const error = await refused(() => json({ error: 'invalid_grant', error_description: description }, 400))
    expect(error.errorDescription).toBeUndefined()
  })
})

describe('the WWW-Authenticate header [F65]', () => {
  const empty = (header: string, status = 401) =>
    failure(() => post(() => raw('', null, status, { 'www-authenticate': header })))
  it('says why, where the body is empty', async () => {
    expect(await empty('Bearer realm="a, b", error="invalid_token", error_description="expired"')).toMatchObject({
      code: 'endpoint_error',
      status: 401,
      error: 'invalid_token',
    })
    expect(await empty('Basic realm="x", Bearer error="insufficient_scope"', 403)).toMatchObject({
      error: 'insufficient_scope',
    })
    // As RFC 9110 section 11.2 allows it.
    for (const header of [
      'Bearer error=invalid_token',
      'DPoP error = "invalid_token", algs="ES256"',
      'Bearer realm="my error=page", error="invalid_token"',
      'Basic realm="x", DPoP x-error="no", error="invalid_token"',
    ])
      expect(await empty(header)).toMatchObject({ error: 'invalid_token' })
  })

  it('is no error where it names none, and counts for nothing in a success', async () => {
    for (const header of ['Bearer', 'Basic realm="x"', 'Bearer error=""', '"', ',,,', 'Bearer realm="error'])
      expect((await empty(header)).code).toBe('response_invalid')
    expect(await post(() => json({ a: 1 }, 200, { 'www-authenticate': 'Bearer error="invalid_token"' }))).toEqual({
      a: 1,
    })
  })

  it('is cleaned like any word of a server', async () => {
    const error = await empty(`Bearer error="marked-code-5d1e ${'x'.repeat(900)}"`)
    expect(leaks(error, ['marked-code-5d1e'])).toEqual([])
    expect((error as { error?: string }).error?.length).toBeLessThanOrEqual(500)
  })

  it.each([
    ['a long value', `Bearer error="${'a'.repeat(1 << 20)}`],
    ['many names', 'error="'.repeat(150_000)],
    ['many quotes', '"'.repeat(1 << 20)],
    ['many backslashes', `error="${'\\'.repeat(1 << 20)}`],
    ['many commas', 'Bearer ,'.repeat(130_000)],
  ])('is read in linear time: %s', { timeout: 10_000 }, async (_, header) => {
    const response = {
      status: 401,
      headers: { get: (name: string) => (name === 'www-authenticate' ? header : null) },
      text: () => Promise.resolve(''),
    }
    await failure(() => ask(config, 'token', url, () => ({}), { fetch: () => Promise.resolve(response) }, whole))
  })

  it('ends in a typed error, whatever is in it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('error', '=', '"', ',', ' ', '\\', 'Bearer', 'a', '\t'), maxLength: 40 }),
        async (header) => {
          expect(['response_invalid', 'endpoint_error']).toContain((await empty(header.trim())).code)
        },
      ),
      { numRuns: 200 },
    ))
})

it('sends nothing where the clock is none', async () => {
  const { fetch, calls } = fakeFetch(() => json({}))
  for (const none of [NaN, 'now', {}, () => undefined] as never[]) {
    const error = await failure(
      () => ask(config, 'token', url, () => ({ form: form() }), { fetch, now: none }, whole),
      'argument_invalid',
    )
    expect(error.argument).toBe('now')
  }
  expect(calls).toEqual([])
})

describe('Retry-After', () => {
  const date = (seconds: number) => new Date(now + seconds * 1000).toUTCString()
  it.each([
    ['0', 0],
    ['1', 1],
    ['120', 120],
    ['1.5', 2],
    ['301', 300],
    ['999999999999', 300],
    ['-5', 0],
    [date(60), 60],
    [date(-60), 0],
    [date(86_400), 300],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    ['12 parsecs of it', undefined],
  ])('%j means %s seconds, by the clock of the call', async (value, seconds) => {
    for (const status of [429, 503]) {
      const headers = { 'retry-after': value }
      const typed = await failure(() => post(() => json({ error: 'slow_down' }, status, headers)), 'endpoint_error')
      expect(typed.retryAfter).toBe(seconds)
      const other = await failure(() => post(() => raw('', null, status, headers)), 'response_invalid')
      expect(other.retryAfter).toBe(seconds)
    }
  })

  it('is not there when the server does not say', async () => {
    expect((await failure(() => post(() => json({}, 503)), 'response_invalid')).retryAfter).toBeUndefined()
  })
})

describe("a server's words", () => {
  const marked = {
    code: 'marked-code-5d1e',
    token: 'marked-token-77aa',
    secret: 'marked secret & 9+c/3=',
    header: 'marked-header-1b2c',
    query: 'marked-query-0f9d',
  }
  const everything = Object.values(marked)
  const basic = btoa(`app:${encodeURIComponent(marked.secret)}`)
  /** A server that repeats all that it got, in several spellings. */
  const echo =
    (status: number, shape: (text: string) => object) =>
    (call: { url: URL; headers: object; form: URLSearchParams }) => {
      const text = [
        call.url.href,
        ...call.url.searchParams.values(),
        JSON.stringify(call.headers),
        ...Object.values(call.headers as Record<string, string>),
        `${call.form}`,
        ...call.form.values(),
      ].join(' \u202e')
      return json(shape(text), status)
    }
  const questions: [string, () => Question][] = [
    ['a form', () => ({ form: new URLSearchParams({ code: marked.code, client_secret: marked.secret }) })],
    ['a token', () => ({ token: marked.token })],
    ['Basic', () => ({ form: form(), headers: { authorization: `Basic ${basic}` }, secret: marked.secret })],
    ['the address', () => ({})],
  ]
  it.each(questions)('are free of what was sent: %s [O123]', async (_, question) => {
    const address = new URL(`https://id.example.com/validate?id_token=${marked.query}`)
    for (const shape of [
      (text: string) => ({ error: 'invalid_request', error_description: text }),
      (text: string) => ({ error: text }),
      (text: string) => ({ code: 400, message: text }),
    ])
      for (const status of [400, 200]) {
        const { fetch } = fakeFetch(echo(status, shape))
        const options = { fetch, headers: { 'x-key': marked.header } }
        const error = await failure(() => ask(config, 'token', address, question, options, whole), 'endpoint_error')
        expect(leaks(error, [...everything, basic])).toEqual([])
        expect(inspect(error)).toContain('[redacted]')
      }
  })

  it('are never in the message', async () => {
    const error = await failure(
      () => post(() => json({ error: 'x-error', error_description: 'x-words' }, 400)),
      'endpoint_error',
    )
    expect(`${error.message} ${error.stack ?? ''}`).not.toMatch(/x-error|x-words/)
  })

  it('are cut at 500 characters, freed of control and bidirectional ones', async () => {
    const words = `${'a'.repeat(100)}\0\u001b[31m\u202e${'b'.repeat(1000)}`
    const error = await failure(
      () => post(() => json({ error: words, error_description: words }, 400)),
      'endpoint_error',
    )
    for (const text of [error.error, error.errorDescription]) {
      expect(text).toHaveLength(500)
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failure, leaks } from '../../../tests/support/failure.js'
import { appHost, appId, issuer } from '../../../tests/support/tokens.js'
import { readCallback } from './readCallback.js'
import type { ResponseType } from './types.js'

const config = { appId, appHost } as const
const at = 'https://app.example.com/callback'
const state = 'n-0S6_WzA2MjVnbmNlLW9mLTQz'
const code = 'SplxlOBeZQQYbYS6WxSbIA'
const id_token = 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln'
const token = { access_token: 'a-token', token_type: 'Bearer', expires_in: '3600' }
const form = (fields: Record<string, string | undefined>) =>
  `${new URLSearchParams(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined))}`
const read = (callback: unknown, expected: object = {}, fields: object = {}) =>
  readCallback({ ...config, ...fields }, callback as string, { state, ...expected })
const reason = async (callback: unknown, expected: object = {}, fields: object = {}) =>
  (await failure(() => read(callback, expected, fields), 'callback_invalid')).reason
const posted = (body: BodyInit, type = 'application/x-www-form-urlencoded', url = at) =>
  new Request(url, { method: 'POST', body, headers: { 'content-type': type }, duplex: 'half' } as RequestInit)

/** What each response type brings, and in which modes. */
const types: Record<ResponseType, { fields: Record<string, string>; modes: string[] }> = {
  code: { fields: { code }, modes: ['query', 'fragment', 'form_post'] },
  none: { fields: {}, modes: ['query', 'fragment', 'form_post'] },
  id_token: { fields: { id_token }, modes: ['fragment', 'form_post'] },
  'id_token token': { fields: { id_token, ...token }, modes: ['fragment', 'form_post'] },
  'code id_token': { fields: { code, id_token }, modes: ['fragment', 'form_post'] },
  'code token': { fields: { code, ...token }, modes: ['fragment', 'form_post'] },
  'code id_token token': { fields: { code, id_token, ...token }, modes: ['fragment', 'form_post'] },
  token: { fields: token, modes: ['fragment'] },
}
const matrix = Object.entries(types).flatMap(([responseType, { fields, modes }]) =>
  modes.map((responseMode) => ({
    responseType,
    responseMode,
    fields,
    protocol: responseType === 'token' ? { protocol: 'oauth' } : {},
  })),
)
/** The callback of a mode. */
const callback = (mode: string, text: string): unknown =>
  mode === 'form_post' ? posted(text) : `${at}${mode === 'query' ? '?' : '#'}${text}`

describe.each(matrix)('$responseType in mode $responseMode', ({ responseType, responseMode, fields, protocol }) => {
  const expected = { responseType, responseMode }
  const answer = (changes: Record<string, string | undefined> = {}) => form({ ...fields, state, ...changes })
  const judged = (changes: Record<string, string | undefined>, settings: object = {}) =>
    reason(callback(responseMode, answer(changes)), expected, { ...protocol, ...settings })

  it('is read where it stands, and gives its parameters by wire name', async () => {
    const result = await read(callback(responseMode, answer({ session_state: 'x' })), expected, protocol)
    expect(result).toMatchObject({
      state,
      session_state: 'x',
      ...fields,
      ...('access_token' in fields && { expires_in: 3600 }),
    })
  })

  it('is refused without any one of its parameters, or with it empty [B23]', async () => {
    for (const name of Object.keys(fields).filter((one) => one !== 'expires_in'))
      for (const nothing of [undefined, '']) expect(await judged({ [name]: nothing }), name).toBe('missing')
  })

  it('is refused with a parameter that was not asked for', async () => {
    for (const name of ['code', 'id_token', 'access_token', 'response'].filter((one) => !(one in fields)))
      expect(await judged({ [name]: 'x' }), name).toBe('unexpected')
  })

  it('is refused with another state, none, or an empty one [R11] [B18]', async () => {
    for (const other of [
      undefined,
      '',
      `${state}x`,
      state.slice(1),
      state.toUpperCase(),
      ` ${state}`,
      'undefined',
      'null',
    ])
      expect(await judged({ state: other }), other).toBe(answer({ state: other }) ? 'state' : 'place')
  })

  it('is refused with any parameter twice [B21]', async () => {
    for (const name of Object.keys({ ...fields, state, iss: issuer, error: 'x', anything: 'x' })) {
      const text = `${answer()}&${name}=x&${name}=y`
      expect(await reason(callback(responseMode, text), expected, protocol), name).toBe('duplicate')
    }
    for (const twice of [`state=${state}`, 'state=', 'anything=&anything='])
      expect(await reason(callback(responseMode, `${answer()}&${twice}`), expected, protocol)).toBe('duplicate')
  })

  it('is refused with the iss of another server [R12] [B19]', async () => {
    const own = protocol.protocol ? `${appHost}/oauth` : issuer
    for (const iss of [`${own}/`, own.toUpperCase(), 'https://evil.example.com', own.replace('https', 'http')])
      expect(await judged({ iss })).toBe('iss')
    await read(callback(responseMode, answer({ iss: own })), expected, protocol)
  })

  it('has to have an iss where it is required, unless an ID token carries it [R12]', async () => {
    const settings = { ...protocol, requireIss: true }
    if ('id_token' in fields) await read(callback(responseMode, answer()), expected, settings)
    else for (const iss of [undefined, '']) expect(await judged({ iss }, settings)).toBe('iss')
    expect(await judged({ iss: 'https://evil.example.com' }, settings)).toBe('iss')
  })

  it('tells an error before it looks for anything else [B22]', async () => {
    const text = answer({ error: 'access_denied', error_description: 'The user said no.' })
    const error = await failure(() => read(callback(responseMode, text), expected, protocol), 'authorization_error')
    expect(error).toMatchObject({ error: 'access_denied', errorDescription: 'The user said no.' })
    expect(error.message).not.toContain('access_denied')
  })

  it('is read in no other place than its own [R13] [B24]', async () => {
    for (const other of ['query', 'fragment', 'form_post'].filter((mode) => mode !== responseMode))
      expect(await reason(callback(other, answer()), expected, protocol), other).toBe('place')
  })

  it('ignores what it does not know', async () => {
    await expect(
      read(callback(responseMode, answer({ utm: 'x', '': 'y' })), expected, protocol),
    ).resolves.toMatchObject({ state })
  })
})

describe('the forms of a callback', () => {
  const text = form({ code, state })
  it.each([
    ['a URL', new URL(`${at}?${text}`)],
    ['an absolute URL as a string', `${at}?${text}`],
    ['one of another origin, as behind a proxy [R13]', `http://10.0.0.1:8080/callback?${text}`],
    ['a path', `/callback?${text}`],
    ['only the query', `?${text}`],
    ["an app's own scheme", `com.example.app:/oauth2redirect?${text}`],
    ["an app's own scheme with a host", `com.example.app://callback?${text}`],
    ['URLSearchParams', new URLSearchParams(text)],
    ['a Request', new Request(`${at}?${text}`)],
    [
      'a request of a server, whose URL is a path',
      { method: 'GET', url: `/callback?${text}`, headers: new Headers(), text: () => Promise.resolve('') },
    ],
    ['a query beside a fragment that a page has', `${at}?${text}#section`],
  ])('may be %s', async (_, given) => {
    expect(await read(given)).toMatchObject({ code, state })
  })

  it.each([
    ['a fragment alone', `#${form({ id_token, state })}`],
    ['a path with a fragment', `/callback#${form({ id_token, state })}`],
    ['a URL with a fragment, and a query of its own', new URL(`${at}?own=1#${form({ id_token, state })}`)],
    ['URLSearchParams of the fragment', new URLSearchParams(form({ id_token, state }))],
  ])('with tokens may be %s', async (_, given) => {
    expect(await read(given, { responseType: 'id_token' })).toMatchObject({ id_token, state })
  })

  it('is not the bare parameters: which place they stood in is not known [R13]', async () => {
    expect(await reason(text)).toBe('place')
    expect(await reason(at)).toBe('place')
    expect(await reason(`${at}?`)).toBe('place')
  })

  it.each([undefined, null, 5, '', {}, [], true, Symbol('url'), () => {}, Object.create(null) as object])(
    'is not %o',
    async (nothing) => {
      expect((await failure(() => read(nothing), 'argument_invalid')).argument).toBe('callback')
    },
  )

  it('decodes as a form does: plus, percent, and what is malformed', async () => {
    const odd = 'a b+c&d=e/f%'
    expect(await read(`?${form({ code: odd, state })}`)).toMatchObject({ code: odd })
    expect(await read(`?code=a+b%20c%2Bd&state=${state}`)).toMatchObject({ code: 'a b c+d' })
    expect(await read(`?code=%zz%&state=${state}`)).toMatchObject({ code: '%zz%' })
  })

  it('is bounded [B27]', async () => {
    const long = `${text}&x=${'x'.repeat(1 << 16)}`
    expect(await reason(`?${long}`)).toBe('too_large')
    expect(await reason(`#${long}`, { responseMode: 'fragment' })).toBe('too_large')
    expect(await reason(new URLSearchParams(long))).toBe('too_large')
    const many = `${text}&${Array.from({ length: 6000 }, (_, i) => `p${i}=1`).join('&')}`
    for (let times = 20; times--;) expect(await read(`?${many}`)).toHaveProperty('code')
  })
})

describe('a posted form [R13]', () => {
  const expected = { responseMode: 'form_post' }
  const text = form({ code, state })

  it.each([
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded;charset=UTF-8',
    'Application/X-WWW-Form-Urlencoded ; a=b',
  ])('is read with the type %s', async (type) => {
    expect(await read(posted(text, type), expected)).toMatchObject({ code })
  })

  it.each(['application/json', 'text/plain', 'multipart/form-data', 'application/x-www-form-urlencodedx', ''])(
    'is not read with the type %j [B27]',
    async (type) => {
      expect(await reason(posted(text, type), expected)).toBe('place')
    },
  )

  it('is the only part of its request that counts: the query is not mixed in', async () => {
    expect(await reason(posted(form({ code }), undefined, `${at}?state=${state}`), expected)).toBe('state')
    expect(await reason(posted('', undefined, `${at}?${text}`), expected)).toBe('place')
    expect(await reason(posted(text, undefined, `${at}?${text}`), {})).toBe('place')
    expect(await read(posted(text, undefined, `${at}?error=x&code=y`), expected)).toMatchObject({ code })
  })

  it('is not the query of a GET', async () => {
    expect(await reason(new Request(`${at}?${text}`), expected)).toBe('place')
    expect(await reason(`${at}?${text}`, expected)).toBe('place')
  })

  it('has 64 KiB at most, and an endless one is let go [B27]', async () => {
    const fits = `${text}&x=`
    expect(await read(posted(fits + 'x'.repeat((1 << 16) - fits.length)), expected)).toMatchObject({ code })
    expect(await reason(posted(`${fits}${'x'.repeat(1 << 16)}`), expected)).toBe('too_large')
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++
        controller.enqueue(new Uint8Array(1 << 14).fill(120))
      },
    })
    expect(await reason(posted(endless), expected)).toBe('too_large')
    expect(pulled).toBeLessThan(20)
  })

  it('is text', async () => {
    expect(await reason(posted(Uint8Array.of(0xff, 0xfe)), expected)).toBe('too_large')
  })

  it('of a runtime without streams is read too, and its URL may be a path', async () => {
    const request = {
      method: 'POST',
      url: '/callback',
      headers: new Headers({ 'content-type': 'application/x-www-form-urlencoded' }),
      text: () => Promise.resolve(text),
    }
    expect(await read(request, expected)).toMatchObject({ code })
  })

  it.each([
    ['without headers', { method: 'POST', url: at, text: () => Promise.resolve(text) }],
    ['without a body', { method: 'POST', url: at, headers: new Headers() }],
    [
      'whose body breaks',
      { method: 'POST', url: at, headers: new Headers(), text: () => Promise.reject(new Error('marked-words')) },
    ],
  ])('of a request %s ends in a typed error', async (_, request) => {
    expect(leaks(await failure(() => read(request, expected)), ['marked-words'])).toEqual([])
  })

  it('that was read before ends in a typed error', async () => {
    const request = posted(text)
    await request.text()
    await failure(() => read(request, expected))
  })
})

describe('what is expected', () => {
  it.each([undefined, null, '', 5, {}, [state], true, Symbol('state')])(
    'has a state, a non-empty string: %o is none, and undefined never matches undefined [R11]',
    async (none) => {
      for (const given of [`?code=${code}`, `?code=${code}&state=`, `?code=${code}&state=undefined`])
        expect((await failure(() => read(given, { state: none }), 'argument_invalid')).argument).toBe('expected.state')
    },
  )

  it.each([undefined, null, 5, 'state', [], Symbol('expected')])('is an object: %o is none', async (none) => {
    expect(
      (await failure(() => readCallback(config, `?code=${code}`, none as never), 'argument_invalid')).argument,
    ).toBe('expected')
  })

  it('has a response type and a mode that exist [R3]', async () => {
    for (const responseType of ['token', 'CODE', '', 5, {}, Symbol('code')])
      expect((await failure(() => read('?a=b', { responseType }), 'argument_invalid')).argument).toBe('responseType')
    for (const responseMode of ['web_message', '', 5, {}, Symbol('query')])
      expect((await failure(() => read('?a=b', { responseMode }), 'argument_invalid')).argument).toBe('responseMode')
    for (const responseType of ['id_token', 'code token'])
      expect(
        (await failure(() => read('?a=b', { responseType, responseMode: 'query' }), 'argument_invalid')).argument,
      ).toBe('responseMode')
  })

  it.each(['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'])(
    'is not read here in the mode %s of JARM',
    async (responseMode) => {
      expect(await reason(`?response=x&state=${state}`, { responseMode })).toBe('place')
      expect(await reason(new URLSearchParams({ code, state }), { responseMode })).toBe('place')
    },
  )

  it.each([undefined, null, 5, 'config'])('is read with a config, not %s [R10]', async (nothing) => {
    await failure(() => readCallback(nothing as never, `?${form({ code, state })}`, { state }))
  })

  it('names the issuer when the config has none, and one came [R10]', async () => {
    const none = { appHost: undefined }
    const text = form({ code, state, iss: 'https://id.example.com' })
    expect((await failure(() => read(`?${text}`, {}, none), 'config_invalid')).issues[0]?.path).toBe('appHost')
  })
})

describe('an error of the provider', () => {
  const refused = (fields: Record<string, string>, settings: object = {}) =>
    failure(() => read(`?${form({ state, error: 'x', ...fields })}`, {}, settings), 'authorization_error')

  it('is told with its description and its address, as data [B22]', async () => {
    const fields = {
      error: 'login_required',
      error_description: '需要登录',
      error_uri: 'https://id.example.com/help?a=b',
    }
    expect(await refused(fields)).toMatchObject({
      error: 'login_required',
      errorDescription: '需要登录',
      errorUri: 'https://id.example.com/help?a=b',
    })
  })

  it.each([
    'http://id.example.com/',
    'javascript:alert(1)',
    'data:,x',
    '/help',
    'xhttps://id.example.com',
    'https:',
    'https://[',
    'https://a b/',
    '',
  ])('has no address that is %j', async (uri) => {
    expect((await refused({ error_uri: uri })).errorUri).toBeUndefined()
  })

  it('is cleaned of control characters, cut at 500, and holds no state [O123]', async () => {
    const words = `<script>\0\u202e ${state} ${'x'.repeat(900)}`
    const error = await refused({ error: words, error_description: words, error_uri: `https://a.b/?${state}` })
    expect(leaks(error, [state])).toEqual([])
    expect(error.errorDescription).toHaveLength(500)
    expect(error.errorDescription).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('has to have the right state and issuer too [R11] [R12]', async () => {
    expect(await reason(`?${form({ error: 'x', state: 'other' })}`)).toBe('state')
    expect(await reason(`?${form({ error: 'x' })}`)).toBe('state')
    expect(await reason(`?${form({ error: 'x', state, iss: 'https://evil.example.com' })}`)).toBe('iss')
    expect(await reason(`?${form({ error: 'x', state })}`, {}, { requireIss: true })).toBe('iss')
    expect(await reason(`?${form({ error: 'x', id_token: 'y', state })}`, {}, { requireIss: true })).toBe('iss')
    expect(await refused({ iss: issuer }, { requireIss: true })).toMatchObject({ error: 'x' })
  })

  it('that is empty is none', async () => {
    expect(await read(`?${form({ error: '', code, state })}`)).toMatchObject({ code })
    expect(await reason(`?${form({ error: '', state })}`)).toBe('missing')
  })
})

describe('a token in the answer', () => {
  const expected = { responseType: 'code token' }
  const answer = (changes: Record<string, string | undefined>) => `#${form({ code, ...token, state, ...changes })}`
  it.each(['Bearer', 'bearer', 'BEARER', 'DPoP', 'dpop'])('may be of type %s [C32]', async (token_type) => {
    expect(await read(answer({ token_type }), expected)).toMatchObject({ token_type })
  })

  it.each(['mac', 'N_A', '', undefined, 'Bearer x'])('is refused with type %s [C32]', async (token_type) => {
    expect(await reason(answer({ token_type }), expected)).toBe('missing')
  })

  it.each([
    ['3600', 3600],
    ['0', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('lives %s seconds: %s [C33]', async (expires_in, seconds) => {
    const { expires_in: read_ } = (await read(answer({ expires_in }), expected)) as { expires_in?: unknown }
    expect(read_).toBe(seconds)
  })
})

describe('any callback', () => {
  it('is refused for every state but the one that was sent [R11]', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), async (sent, got) => {
        fc.pre(sent !== got)
        expect(await reason(`?${form({ code, state: got })}`, { state: sent })).toBe('state')
      }),
      { numRuns: 300 },
    ))

  it('gives any code back as it was sent', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.constantFrom('query', 'fragment', 'form_post'),
        async (any, mode) => {
          const given = callback(mode, form({ code: any, state }))
          expect(await read(given, { responseMode: mode })).toMatchObject({ code: any })
        },
      ),
      { numRuns: 200 },
    ))

  it('of any text ends in a result or a typed error, and never in a prototype', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({
          unit: fc.constantFrom(
            'code',
            'state',
            'error',
            '=',
            '&',
            '%',
            '+',
            '?',
            '#',
            '/',
            ':',
            state,
            '__proto__',
            'a',
          ),
        }),
        async (text) => {
          const result = await read(`?${text}`).catch((error: unknown) => error as { code?: string })
          if (result instanceof Error) expect(['callback_invalid', 'authorization_error']).toContain(result.code)
          expect(({} as Record<string, unknown>)['a']).toBeUndefined()
        },
      ),
      { numRuns: 500 },
    ))

  // A few milliseconds; in the square it would be a minute.
  it('is read in linear time', { timeout: 10_000 }, async () => {
    for (const text of [
      '?'.repeat(1 << 16),
      '#'.repeat(1 << 16),
      `https:${'/'.repeat(1 << 16)}`,
      'a:'.repeat(1 << 15),
    ]) {
      for (let times = 20; times--;) await failure(() => read(text))
    }
  })

  it('shows nothing of itself in a refusal [O123]', async () => {
    const marked = 'marked-value-of-a-callback'
    for (const text of [
      form({ code: marked, state: marked }),
      form({ code: marked, state, id_token: marked }),
      form({ access_token: marked, state }),
      form({ code: marked, state, iss: marked }),
      `${form({ code: marked, state })}&code=${marked}`,
    ])
      expect(leaks(await failure(() => read(`?${text}`)), [marked, state])).toEqual([])
  })
})

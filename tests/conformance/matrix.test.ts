/**
 * Every response type in every mode that it may come in, as it should be and with one thing changed at a time. What
 * comes through the browser is judged before anything is asked of the provider: a code is spent for a good callback only.
 */
import { describe, expect, it } from 'vitest'
import type { LoginResponseType } from '@genauth-oidc/login/types'
import {
  callbackOf,
  code,
  has,
  modesOf,
  play,
  responseTypes,
  state,
  type Mode,
  type Script,
} from '../support/logins.js'
import {
  appId,
  halfHash,
  idClaims,
  issuer,
  json,
  jwt,
  nonce,
  now,
  redirectUri,
  subject,
  type Claims,
} from '../support/tokens.js'

type Given = Pick<Script, 'responseType' | 'mode'>
interface Mutation {
  readonly name: string
  /** Which sign-ins it can happen to. Default: all. */
  readonly to?: (responseType: LoginResponseType, mode: Mode) => boolean
  readonly script: (given: Required<Given>) => Partial<Script>
  readonly error: object
  /** Requests to the token endpoint: none for what comes through the browser. */
  readonly spent?: 1
}

const callbackError = (reason: string) => ({ code: 'callback_invalid', reason })
const tokenError = (check: string) => ({ code: 'token_invalid', check })
const withFront = (responseType: string) => has(responseType, 'id_token')
const withCode = (responseType: string) => has(responseType, 'code')
const withToken = (responseType: string) => has(responseType, 'token')
const also = (name: string) => (responseType: LoginResponseType) => has(responseType, name.replace('access_', ''))

const mutations: Mutation[] = [
  // The state [R11].
  { name: 'no state', script: () => ({ params: { state: undefined } }), error: callbackError('state') },
  { name: 'an empty state', script: () => ({ params: { state: '' } }), error: callbackError('state') },
  {
    name: 'another state',
    script: () => ({ params: { state: state.replace('t', 'T') } }),
    error: callbackError('state'),
  },
  { name: 'a longer state', script: () => ({ params: { state: `${state}x` } }), error: callbackError('state') },
  { name: 'the state undefined', script: () => ({ params: { state: 'undefined' } }), error: callbackError('state') },
  {
    name: 'an error with another state',
    script: () => ({ params: { state: 'x', error: 'access_denied' } }),
    error: callbackError('state'),
  },
  // Nothing twice.
  ...['state', 'code', 'iss', 'id_token', 'access_token', 'error', 'anything'].map((name) => ({
    name: `${name} twice`,
    script: () => ({ more: `&${name}=a&${name}=a` }),
    error: callbackError('duplicate'),
  })),
  { name: 'the state once more', script: () => ({ more: `&state=${state}` }), error: callbackError('duplicate') },
  // The issuer [R12].
  { name: 'another issuer', script: () => ({ params: { iss: 'https://evil.example' } }), error: callbackError('iss') },
  { name: 'the issuer with a slash', script: () => ({ params: { iss: `${issuer}/` } }), error: callbackError('iss') },
  {
    name: 'no issuer where it is promised',
    to: (responseType) => !withFront(responseType),
    script: () => ({ params: { iss: undefined }, config: { requireIss: true } }),
    error: callbackError('iss'),
  },
  {
    name: 'an error without the promised issuer',
    script: () => ({
      params: { iss: undefined, error: 'access_denied', code: undefined, id_token: undefined, access_token: undefined },
      config: { requireIss: true },
    }),
    error: callbackError('iss'),
  },
  // An error of the provider.
  {
    name: 'a refusal',
    script: () => ({ params: { error: 'access_denied', error_description: 'The user said no', code: undefined } }),
    error: { code: 'authorization_error', error: 'access_denied', errorDescription: 'The user said no' },
  },
  {
    name: 'a refusal beside an answer',
    script: () => ({ params: { error: 'access_denied' } }),
    error: { code: 'authorization_error' },
  },
  // Just what was asked for.
  ...['code', 'id_token', 'access_token'].flatMap<Mutation>((name) => [
    {
      name: `no ${name}`,
      to: also(name),
      script: () => ({ params: { [name]: undefined } }),
      error: callbackError('missing'),
    },
    {
      name: `an empty ${name}`,
      to: also(name),
      script: () => ({ params: { [name]: '' } }),
      error: callbackError('missing'),
    },
    {
      name: `${name} unasked`,
      to: (responseType) => !also(name)(responseType),
      script: () => ({ params: { [name]: name === 'id_token' ? jwt(idClaims()) : 'x' } }),
      error: callbackError('unexpected'),
    },
  ]),
  {
    name: 'a signed answer unasked',
    script: () => ({ params: { response: 'a.b.c' } }),
    error: callbackError('unexpected'),
  },
  {
    name: 'no token type',
    to: withToken,
    script: () => ({ params: { token_type: undefined } }),
    error: callbackError('missing'),
  },
  {
    name: 'a token type that is unknown',
    to: withToken,
    script: () => ({ params: { token_type: 'mac' } }),
    error: callbackError('missing'),
  },
  // In its own place [R13].
  ...(['query', 'fragment', 'form_post', 'json'] as const).map<Mutation>((place) => ({
    name: `an answer in the wrong place: ${place}`,
    to: (_, mode) => mode !== place,
    script: () => ({ place }),
    error: callbackError('place'),
  })),
  {
    name: 'an answer over 64 KiB',
    script: () => ({ more: `&x=${'x'.repeat(1 << 16)}` }),
    error: callbackError('too_large'),
  },
  {
    name: 'nothing',
    script: () => ({
      params: Object.fromEntries(
        ['state', 'code', 'iss', 'id_token', 'access_token', 'token_type', 'expires_in'].map((one) => [one, undefined]),
      ),
    }),
    error: { code: 'callback_invalid' },
  },
  // At its own address [R15].
  {
    name: 'another path',
    script: () => ({ address: 'https://app.example.com/other' }),
    error: callbackError('redirect_uri'),
  },
  { name: 'a path below', script: () => ({ address: `${redirectUri}/x` }), error: callbackError('redirect_uri') },
  {
    name: 'a path with a slash more',
    script: () => ({ address: `${redirectUri}/` }),
    error: callbackError('redirect_uri'),
  },
  // To its own transaction [R15].
  {
    name: 'an expired transaction',
    script: () => ({ transaction: { expiresAt: now } }),
    error: callbackError('expired'),
  },
  ...[undefined, null, NaN, 'later'].map<Mutation>((expiresAt) => ({
    name: `a transaction that expires ${String(expiresAt)}`,
    script: () => ({ transaction: { expiresAt } }),
    error: callbackError('expired'),
  })),
  {
    name: 'a transaction of another issuer',
    script: () => ({ transaction: { issuer: 'https://evil.example/oidc' } }),
    error: callbackError('mix_up'),
  },
  {
    name: 'a transaction of no issuer',
    script: () => ({ transaction: { issuer: undefined } }),
    error: callbackError('mix_up'),
  },
  {
    name: 'a transaction of another application',
    script: () => ({ transaction: { appId: 'another-app' } }),
    error: callbackError('mix_up'),
  },
  {
    name: 'the transaction of another tab',
    script: () => ({ transaction: { state: 'x'.repeat(43) } }),
    error: callbackError('state'),
  },
  ...['state', 'nonce', 'codeVerifier', 'redirectUri', 'responseType'].flatMap<Mutation>((name) =>
    [undefined, '', null, 7, {}].map((value) => ({
      name: `a transaction whose ${name} is ${JSON.stringify(value) ?? 'missing'}`,
      script: () => ({ transaction: { [name]: value } }),
      error: callbackError('transaction'),
    })),
  ),
  ...['none', 'token', 'foo'].map<Mutation>((responseType) => ({
    name: `a transaction of response type ${responseType}`,
    script: () => ({ transaction: { responseType } }),
    error: callbackError('transaction'),
  })),
  // The ID token of the front channel [R18] [R19] [R20] [R21] [R24].
  ...Object.entries<[Claims, string]>({
    'another nonce': [{ nonce: 'x' }, 'nonce'],
    'no nonce': [{ nonce: undefined }, 'nonce'],
    'another issuer': [{ iss: 'https://evil.example/oidc' }, 'iss'],
    'another audience': [{ aud: 'another-app' }, 'aud'],
    'one more audience': [{ aud: [appId, 'another-app'], azp: appId }, 'aud'],
    'another party': [{ azp: 'another-app' }, 'azp'],
    'no subject': [{ sub: undefined }, 'sub'],
    'an end in the past': [{ exp: now - 31, iat: now - 60 }, 'exp'],
    'a begin in the future': [{ nbf: now + 31 }, 'nbf'],
    'no time': [{ iat: undefined }, 'iat'],
    'a time too long ago': [{ iat: now - 631 }, 'iat'],
    'a time in the future': [{ iat: now + 31 }, 'iat'],
    'a scope': [{ scope: 'openid' }, 'purpose'],
    'another state’s hash': [{ s_hash: halfHash('x') }, 's_hash'],
  }).map<Mutation>(([name, [front, check]]) => ({
    name: `a front-channel ID token with ${name}`,
    to: withFront,
    script: () => ({ front }),
    error: tokenError(check),
  })),
  ...(['c_hash', 'at_hash'] as const).flatMap<Mutation>((name) =>
    [undefined, '', null, halfHash('x')].map((value) => ({
      name: `a front-channel ID token whose ${name} is ${JSON.stringify(value) ?? 'missing'}`,
      to: (responseType) => withFront(responseType) && (name === 'c_hash' ? withCode : withToken)(responseType),
      script: () => ({ front: { [name]: value } }),
      error: tokenError(name),
    })),
  ),
  {
    name: 'a code that was swapped',
    to: (type) => withFront(type) && withCode(type),
    script: () => ({ params: { code: 'another' } }),
    error: tokenError('c_hash'),
  },
  {
    name: 'an access token that was swapped',
    to: (type) => withFront(type) && withToken(type),
    script: () => ({ params: { access_token: 'x' } }),
    error: tokenError('at_hash'),
  },
  {
    name: 'a forged front-channel ID token',
    to: withFront,
    script: () => ({ frontHow: { secret: 'x'.repeat(40) } }),
    error: tokenError('signature'),
  },
  {
    name: 'a front-channel ID token of another algorithm',
    to: withFront,
    script: () => ({ frontHow: { alg: 'HS512' } }),
    error: tokenError('alg'),
  },
  {
    name: 'a front-channel ID token that is no JWT',
    to: withFront,
    script: () => ({ params: { id_token: 'x' } }),
    error: tokenError('format'),
  },
  {
    name: 'no auth_time though a limit was asked',
    to: withFront,
    script: () => ({ transaction: { maxAge: 60 } }),
    error: tokenError('auth_time'),
  },
  // The ID token of the token endpoint [R18] [R24] [R25].
  ...Object.entries<[Claims, string]>({
    'another nonce': [{ nonce: 'x' }, 'nonce'],
    'no nonce': [{ nonce: undefined }, 'nonce'],
    'another issuer': [{ iss: 'https://evil.example/oidc' }, 'iss'],
    'another audience': [{ aud: 'another-app' }, 'aud'],
    'another access token’s hash': [{ at_hash: halfHash('front-at') }, 'at_hash'],
    'another code’s hash': [{ c_hash: halfHash('x') }, 'c_hash'],
    'an end in the past': [{ exp: now - 31, iat: now - 60 }, 'exp'],
    'a time too long ago': [{ iat: now - 631 }, 'iat'],
    'a scope': [{ scope: 'openid' }, 'purpose'],
  }).map<Mutation>(([name, [second, check]]) => ({
    name: `a token endpoint’s ID token with ${name}`,
    to: withCode,
    script: () => ({ second }),
    error: tokenError(check),
    spent: 1,
  })),
  {
    name: 'a token endpoint’s ID token of another user',
    to: (type) => withFront(type) && withCode(type),
    script: () => ({ second: { sub: 'mallory' } }),
    error: tokenError('sub'),
    spent: 1,
  },
  {
    name: 'a forged ID token of the token endpoint',
    to: withCode,
    script: () => ({ secondHow: { secret: 'x'.repeat(40) } }),
    error: tokenError('signature'),
    spent: 1,
  },
  {
    name: 'a token endpoint’s ID token of another algorithm',
    to: withCode,
    script: () => ({ secondHow: { alg: 'HS512' } }),
    error: tokenError('alg'),
    spent: 1,
  },
  {
    name: 'no ID token from the token endpoint',
    to: withCode,
    script: () => ({ tokens: { id_token: undefined } }),
    error: { code: 'response_invalid', reason: 'id_token' },
    spent: 1,
  },
  {
    name: 'no ID token, for openid was not granted',
    to: withCode,
    script: () => ({ tokens: { id_token: undefined, scope: 'profile' } }),
    error: { code: 'token_invalid' },
    spent: 1,
  },
  {
    name: 'no access token from the token endpoint',
    to: withCode,
    script: () => ({ tokens: { access_token: undefined } }),
    error: { code: 'response_invalid', reason: 'shape' },
    spent: 1,
  },
  {
    name: 'a token type that is unknown',
    to: (type) => withCode(type) && !withToken(type),
    script: () => ({ tokens: { token_type: 'mac' } }),
    error: { code: 'response_invalid', reason: 'token_type' },
    spent: 1,
  },
  {
    name: 'a code that is refused',
    to: withCode,
    script: () => ({ answer: () => json({ error: 'invalid_grant' }, 400) }),
    error: { code: 'endpoint_error', error: 'invalid_grant' },
    spent: 1,
  },
  {
    name: 'a server that is down',
    to: withCode,
    script: () => ({
      answer: () => {
        throw new TypeError('down')
      },
    }),
    error: { code: 'network', mayHaveArrived: true, retryable: false },
    spent: 1,
  },
  {
    name: 'a server that sends the code elsewhere',
    to: withCode,
    script: () => ({
      answer: () => new Response(null, { status: 307, headers: { location: 'https://evil.example' } }),
    }),
    error: { code: 'response_invalid', reason: 'redirect' },
    spent: 1,
  },
]

const sessions = responseTypes.flatMap((responseType) =>
  [undefined, ...modesOf(responseType)].map((mode) => ({
    responseType,
    mode: mode ?? modesOf(responseType)[0]!,
    given: mode,
  })),
)

describe.each(sessions)('response type $responseType in mode $given', ({ responseType, mode, given }) => {
  const script = { responseType, mode: given }

  it('as it should be, it signs the user in [R14] [R18]', async () => {
    const { login, error, calls } = await play(script)
    expect(error).toBeUndefined()
    expect(login?.claims).toMatchObject({ iss: issuer, sub: subject, aud: appId, nonce })
    expect(calls.map(({ url, method, form }) => [method, url.href, form.get('code')])).toEqual(
      withCode(responseType) ? [['POST', `${issuer}/token`, code]] : [],
    )
    const tokens = login?.tokens as Claims | undefined
    expect(tokens?.['access_token']).toBe(
      withCode(responseType) ? 'back-at' : withToken(responseType) ? 'front-at' : undefined,
    )
    expect(tokens?.['id_token']).toMatch(/^ey/)
    // Of the front channel only what an ID token binds is given on, and apart.
    expect(login?.frontChannel?.access_token).toBe(
      withCode(responseType) && withFront(responseType) && withToken(responseType) ? 'front-at' : undefined,
    )
    expect(login?.frontChannel === undefined).toBe(!(withCode(responseType) && withFront(responseType)))
  })

  it('as it should be, with the issuer in the callback or promised', async () => {
    expect((await play({ ...script, params: { iss: issuer } })).error).toBeUndefined()
    const params = withFront(responseType) ? { iss: undefined } : {}
    expect((await play({ ...script, params, config: { requireIss: true } })).error).toBeUndefined()
  })

  it('as it should be, with parameters that nobody knows', async () => {
    const more = '&session_state=x&scope=openid&unknown=1&__proto__=x&constructor=y'
    expect((await play({ ...script, more })).error).toBeUndefined()
  })

  const possible = mutations.filter(({ to }) => !to || to(responseType, mode))
  it.each(possible)(
    '$name: nobody is signed in, and no code is spent too early [E54] [E59] [E60]',
    async ({ script: change, error: expected, spent = 0 }) => {
      const { login, error, calls } = await play({ ...script, ...change({ responseType, mode }) })
      expect(login).toBeUndefined()
      expect(error).toMatchObject({ name: 'OidcError', ...expected })
      expect(calls).toHaveLength(spent)
    },
  )
})

describe('the matrix', () => {
  it('has every response type that signs a user in, in every mode, and some hundred cases', () => {
    expect(sessions).toHaveLength(19)
    const cases = sessions.flatMap(({ responseType, mode }) =>
      mutations.filter(({ to }) => !to || to(responseType, mode)),
    )
    expect(cases.length).toBeGreaterThan(1000)
  })

  it('changes one thing at a time: each callback differs from the right one, or what is kept or answered does', () => {
    const right = callbackOf({ responseType: 'code' })
    for (const { name, to, script } of mutations)
      if (!to || to('code', 'query')) {
        const change = script({ responseType: 'code', mode: 'query' })
        const callback = callbackOf({ responseType: 'code', ...change })
        const other =
          change.transaction ?? change.config ?? change.tokens ?? change.second ?? change.secondHow ?? change.answer
        expect(callback !== right || other !== undefined, name).toBe(true)
      }
  })
})

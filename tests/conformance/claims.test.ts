/** Claims of another JSON type than the standard's, and configs that nobody parsed: nothing of either fails open. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { OidcConfig, SigningAlg } from '@genauth-oidc/core/types'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { open } from '@genauth-oidc/login/open'
import { openTransaction } from '@genauth-oidc/login/openTransaction'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { verifyLogoutToken } from '@genauth-oidc/verify/verifyLogoutToken'
import { transactionOf } from '../support/logins.js'
import {
  accessClaims,
  appHost,
  appId,
  at,
  base64url,
  config as confidential,
  fakeFetch,
  halfHash,
  idClaims,
  issuer,
  jwksFetch,
  jwt,
  keyOf,
  logoutClaims,
  nonce,
  now,
  redirectUri,
  secret,
  signature,
  standardAccessClaims,
  type Claims,
} from '../support/tokens.js'

const config = { ...confidential, fetch: jwksFetch(keyOf('RS256')).fetch } as const satisfies OidcConfig

/** JSON texts in place of a claim's right value. */
const shapes = (right: unknown): Record<string, string> => ({
  null: 'null',
  true: 'true',
  false: 'false',
  zero: '0',
  'minus one': '-1',
  'a number beyond all others': '1e400',
  'an empty string': '""',
  'another string': '"x"',
  'its text': JSON.stringify(typeof right === 'string' ? ` ${right}` : JSON.stringify(right)),
  'an empty list': '[]',
  'a list of it': JSON.stringify([right]),
  'a list in a list': JSON.stringify([[right]]),
  'a list of it and null': JSON.stringify([right, null]),
  'an empty object': '{}',
  'an object of it': JSON.stringify({ 0: right, length: 1, value: right }),
})

const hash = (value: string, alg?: SigningAlg) => halfHash(value, alg)
const idToken = idClaims({
  azp: appId,
  nbf: now,
  auth_time: now,
  at_hash: hash('at'),
  c_hash: hash('c'),
  s_hash: hash('s'),
})
const expected = { nonce, accessToken: 'at', code: 'c', state: 's', maxAge: 60, frontChannel: true, fresh: true }

interface Kind {
  readonly claims: Claims
  readonly alg: SigningAlg
  readonly typ?: string
  readonly judged: string[]
  readonly check: (token: string) => Promise<unknown>
  /** What is as good as the right value. */
  readonly fine: Record<string, string[]>
}
const kinds: Record<string, Kind> = {
  'ID token': {
    claims: idToken,
    alg: 'HS256',
    judged: ['iss', 'sub', 'aud', 'azp', 'exp', 'iat', 'nbf', 'nonce', 'auth_time', 'at_hash', 'c_hash', 's_hash'],
    check: (token) => verifyIdToken(config, token, expected, at()),
    // A subject may be any string. Of an nbf only the past is asked.
    fine: { aud: ['a list of it'], sub: ['another string', 'its text'], nbf: ['zero', 'minus one'] },
  },
  'access token': {
    claims: accessClaims({ nbf: now }),
    alg: 'RS256',
    judged: ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'scope'],
    check: (token) => verifyAccessToken(config, token, { scope: 'openid' }, at()),
    fine: {
      aud: ['a list of it', 'a list of it and null'],
      sub: ['another string', 'its text'],
      jti: ['another string', 'its text'],
      scope: ['its text'],
      // How old it is, nobody asks.
      iat: ['zero', 'minus one'],
      nbf: ['zero', 'minus one'],
    },
  },
  'access token of RFC 9068': {
    claims: standardAccessClaims({ nbf: now }),
    alg: 'RS256',
    typ: 'at+jwt',
    judged: ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'client_id', 'scope'],
    check: (token) =>
      verifyAccessToken(
        config,
        token,
        { profile: 'rfc9068', audience: 'https://api.example.com', scope: 'openid' },
        at(),
      ),
    fine: {
      aud: ['a list of it', 'a list of it and null'],
      sub: ['another string', 'its text'],
      jti: ['another string', 'its text'],
      client_id: ['another string', 'its text'],
      scope: ['its text'],
      // How old it is, nobody asks.
      iat: ['zero', 'minus one'],
      nbf: ['zero', 'minus one'],
    },
  },
  'logout token': {
    claims: logoutClaims({ nbf: now }),
    alg: 'HS256',
    typ: 'logout+jwt',
    judged: ['iss', 'sub', 'sid', 'aud', 'exp', 'iat', 'nbf', 'jti', 'events'],
    check: (token) => verifyLogoutToken(config, token, {}, at()),
    fine: {
      aud: ['a list of it'],
      sub: ['another string', 'its text'],
      sid: ['another string', 'its text'],
      jti: ['another string', 'its text'],
      nbf: ['zero', 'minus one'],
    },
  },
}

const withShape = ({ claims, alg, typ = 'JWT' }: Kind, name: string, text: string) => {
  const mark = '"@@"'
  const payload = JSON.stringify({ ...claims, [name]: '@@' }).replace(mark, text)
  return jwt(payload, { alg, header: { typ } })
}

describe('a claim of another JSON type is refused [D53]', () => {
  for (const [what, kind] of Object.entries(kinds)) {
    it(`${what}: as it should be, it passes`, async () => {
      await expect(kind.check(jwt(kind.claims, { alg: kind.alg, header: { typ: kind.typ } }))).resolves.toBeTruthy()
    })

    const cases = kind.judged.flatMap((name) =>
      Object.entries(shapes(kind.claims[name])).map(([shape, text]) => [name, shape, text] as const),
    )
    it.each(cases)(`${what}: %s as %s`, async (name, shape, text) => {
      const judged = kind.check(withShape(kind, name, text))
      if (kind.fine[name]?.includes(shape)) await expect(judged).resolves.toBeTruthy()
      else await expect(judged).rejects.toMatchObject({ code: 'token_invalid' })
    })
  }

  it('with at least 12 shapes of each claim', () => {
    expect(Object.keys(shapes('x')).length).toBeGreaterThanOrEqual(12)
  })
})

describe('a header parameter of another JSON type is refused [D50]', () => {
  const cases = (['alg', 'typ', 'crit', 'b64', 'zip'] as const).flatMap((name) =>
    Object.entries(shapes(name === 'alg' ? 'HS256' : 'JWT')).map(([shape, text]) => [name, shape, text] as const),
  )
  it.each(cases)('%s as %s', async (name, _, text) => {
    const header = JSON.stringify({ alg: 'HS256', [name]: '@@' }).replace('"@@"', text)
    const signed = `${base64url(header)}.${base64url(idToken)}`
    const token = `${signed}.${base64url(signature(signed))}`
    await expect(verifyIdToken(config, token, expected, at())).rejects.toMatchObject({ code: 'token_invalid' })
  })
})

describe('a config that nobody parsed fails closed [R10]', () => {
  const values: Record<string, unknown> = {
    undefined,
    null: null,
    NaN,
    zero: 0,
    'minus one': -1,
    Infinity,
    'an empty string': '',
    'a blank': ' ',
    'a string': 'x',
    true: true,
    false: false,
    'an empty list': [],
    'a list of nothing': [undefined],
    'an empty object': {},
    'a function': () => undefined,
  }
  const fields = [
    'appId',
    'appHost',
    'issuer',
    'secret',
    'idTokenSigningAlgs',
    'clockTolerance',
    'endpoints',
    'protocol',
  ]

  /** The secrets, issuers and audiences that a careless comparison would take for the config's. */
  const textsOf = (value: unknown) => [
    ...new Set([String(value), JSON.stringify(value) ?? 'undefined', '', secret, appId]),
  ]

  const attacks = (field: string, value: unknown): string[] => {
    const issuers = [
      issuer,
      ...(/appHost|issuer/.test(field) ? textsOf(value).flatMap((text) => [text, `${text}/oidc`]) : []),
    ]
    const audiences: unknown[] = [appId, ...(field === 'appId' ? [value, ...textsOf(value)] : [])]
    const secrets = ['x'.repeat(40), ...(field === 'secret' ? textsOf(value) : [])]
    return issuers.flatMap((iss) =>
      audiences.flatMap((aud) =>
        secrets.flatMap((own) => {
          // Right in all but one thing: the signature, the expiry, the issuer, or the audience.
          const forged = jwt(idClaims({ iss, aud }), { secret: own })
          return [
            own === secret ? '' : forged,
            forged.replace(/[^.]+$/, ''),
            jwt(idClaims({ iss, aud }), { secret: own, header: { alg: 'none' } }).replace(/[^.]+$/, ''),
            jwt(idClaims({ iss, aud, iat: now - 8000, exp: now - 7200 }), { secret }),
            jwt(idClaims({ iss: 'https://evil.example/oidc', aud }), { secret }),
            jwt(idClaims({ iss: undefined, aud }), { secret }),
            jwt(idClaims({ iss, aud: 'another-app' }), { secret }),
            jwt(idClaims({ iss, aud: undefined }), { secret }),
            jwt(idClaims({ iss, aud, nonce: undefined }), { secret }),
            // A text in the place of a name is a name: a token for it is not what is meant here.
            ...(/appId|appHost|issuer/.test(field) && !(typeof value === 'string' && value)
              ? [jwt(idClaims({ iss, aud }), { secret })]
              : []),
          ]
        }),
      ),
    )
  }

  const cases = fields.flatMap((field) => Object.keys(values).map((what) => [field, what] as const))
  it.each(cases)('%s: %s', async (field, what) => {
    const value = values[what]
    for (const base of [{ ...config }, { ...config, idTokenSigningAlgs: ['HS256', 'RS256'] }]) {
      const broken = { ...base, [field]: value } as unknown as OidcConfig
      for (const token of attacks(field, value)) {
        // With the field as it is left out, or as the default stands, the untouched token is good.
        if (
          token === jwt(idClaims(), { secret }) &&
          !/appId|appHost/.test(field) &&
          !(field === 'issuer' && value !== undefined)
        )
          continue
        const outcome = await verifyIdToken(broken, token, { nonce }, at()).then(
          () => 'accepted',
          (error: unknown) => (isOidcError(error) ? 'refused' : error),
        )
        expect(outcome, `${token} with ${field} ${what}`).toBe('refused')
      }
    }
  })

  it.each(Object.entries(values))('the whole config: %s', async (_, value) => {
    for (const check of [verifyIdToken, verifyAccessToken, verifyLogoutToken])
      for (const token of [jwt(idClaims()), jwt(accessClaims(), { alg: 'RS256' }), jwt(logoutClaims())])
        await expect(check(value as never, token, {}, at())).rejects.toThrow()
  })

  it.each<[string, unknown]>(Object.entries(values))(
    'a tolerance that is %s is 30 s, and never over 300',
    async (what, clockTolerance) => {
      const broken = { ...config, clockTolerance } as OidcConfig
      const seconds = what === 'zero' ? 0 : 30
      const check = (exp: number) => verifyIdToken(broken, jwt(idClaims({ iat: now - 900, exp })), { nonce }, at())
      await expect(check(now - seconds)).rejects.toMatchObject({ check: 'exp' })
      await expect(check(now - seconds + 1)).resolves.toBeTruthy()
    },
  )

  it('what is expected may be broken, too', async () => {
    const bad = { nonce: '', maxAge: NaN, trustedAudiences: [undefined] }
    for (const [name, value] of Object.entries(bad))
      await expect(
        verifyIdToken(
          config,
          jwt(idClaims({ aud: name === 'trustedAudiences' ? [appId, 'x'] : appId })),
          { [name]: value },
          at(),
        ),
        name,
      ).rejects.toMatchObject({ code: 'token_invalid' })
  })
})

describe('a token response of another shape is refused', () => {
  const tokens = {
    access_token: 'at',
    token_type: 'Bearer',
    expires_in: 60,
    id_token: jwt(idClaims({ at_hash: hash('at') })),
  }
  const exchange = (changes: Claims | string) => {
    const { fetch } = fakeFetch(() => (typeof changes === 'string' ? changes : { ...tokens, ...changes }))
    return getAccessTokenByCode({ ...confidential, fetch }, { code: 'c', nonce, redirectUri }, at())
  }

  it('and passes as it should be', async () => {
    await expect(exchange({})).resolves.toMatchObject({ expires_at: now + 60, claims: { nonce } })
  })

  const cases = (['access_token', 'token_type', 'id_token', 'expires_in', 'refresh_token', 'scope'] as const).flatMap(
    (name) =>
      Object.entries(shapes(name === 'access_token' ? 'at' : 'x')).map(([shape, text]) => [name, shape, text] as const),
  )
  // What is optional may be null, which providers write for "none"; any refresh token or scope is text.
  const fine: Record<string, string[]> = {
    refresh_token: ['null', 'another string', 'its text'],
    scope: ['null', 'an empty string', 'another string', 'its text'],
    expires_in: ['null', 'zero'],
  }
  it.each(cases)('%s as %s', async (name, shape, text) => {
    const judged = exchange(JSON.stringify({ ...tokens, [name]: '@@' }).replace('"@@"', text))
    if (fine[name]?.includes(shape)) await expect(judged).resolves.toMatchObject({ claims: { nonce } })
    else await expect(judged).rejects.toSatisfy((error) => isOidcError(error, 'response_invalid', 'token_invalid'))
  })
})

it('the application’s own address is the issuer of its own tokens only', async () => {
  const other = { ...config, appHost: 'https://second-app.genauth.ai' }
  await expect(verifyIdToken(other, jwt(idClaims()), { nonce }, at())).rejects.toMatchObject({ check: 'iss' })
  expect(appHost).not.toBe(other.appHost)
})

describe('whatever text comes, the answer is one of our errors', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.json().map((text) => base64url(text)),
    fc.uint8Array().map((bytes) => base64url(bytes)),
    fc.constantFrom(...jwt(idClaims()).split('.')),
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
  )
  const good = new Set([jwt(idClaims())])
  const typed = async (judged: Promise<unknown>) => {
    const outcome = await judged.then(
      () => 'accepted',
      (error: unknown) => (isOidcError(error) ? 'refused' : error),
    )
    expect(outcome).toBe('refused')
  }

  it('to what checks a token', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (token) => {
        fc.pre(!good.has(token))
        for (const check of [verifyIdToken, verifyAccessToken, verifyLogoutToken])
          await typed(check(config, token, {}, at()))
      }),
      { numRuns: 500 },
    )
  })

  it('to what opens a sealed text', async () => {
    const key = 'a-key-of-at-least-32-characters!'
    await fc.assert(
      fc.asyncProperty(text, async (sealed) => {
        await typed(openTransaction(sealed, key, at()))
        await typed(open(sealed, { key, purpose: 'session' }, at()))
      }),
      { numRuns: 300 },
    )
  })

  it('to what completes a sign-in', async () => {
    const callback = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.array(fc.tuple(fc.constantFrom('code', 'state', 'iss', 'id_token', 'error', 'x'), part)).map((pairs) => {
        const form = new URLSearchParams(pairs)
        return `/callback?${form.toString()}`
      }),
    )
    await fc.assert(
      fc.asyncProperty(callback, async (url) => {
        await typed(completeLogin(config, url, transactionOf('code'), at()))
        await typed(completeLogin(config, url, () => undefined, at()))
      }),
      { numRuns: 500 },
    )
  })
})

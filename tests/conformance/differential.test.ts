/**
 * Thousands of generated tokens, good ones and changed ones, through this library, jose and oauth4webapi. Where the
 * verdicts differ the reason is in a table below: what one of them leaves to its caller, or what it takes more strictly.
 */
import { compactVerify, jwtVerify, type JWTVerifyGetKey, createLocalJWKSet } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { OidcConfig, SigningAlg } from '@genauth-oidc/core/types'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import {
  appHost,
  appId,
  at,
  halfHash,
  idClaims,
  issuer,
  json,
  jwksFetch,
  jwt,
  keyOf,
  nonce,
  now,
  secret,
  seeded,
  type Claims,
  type How,
} from '../support/tokens.js'

const count = 3000
const algs = ['HS256', 'RS256', 'ES256'] as const satisfies SigningAlg[]
const evil = {
  RS256: { ...keyOf('RS256', 'evil'), kid: 'RS256-key' },
  ES256: { ...keyOf('ES256', 'evil'), kid: 'ES256-key' },
}

interface Draft {
  claims: Claims
  how: How
  header: Claims
  /** Changes the finished text. */
  text: (token: string) => string
}
type Mutation = (draft: Draft, alg: (typeof algs)[number], pick: <T>(list: readonly T[]) => T) => void

const claim =
  (name: string, values: readonly unknown[]): Mutation =>
  (draft, _, pick) => {
    draft.claims[name] = pick(values)
  }
const header =
  (name: string, values: readonly unknown[]): Mutation =>
  (draft, _, pick) => {
    draft.header[name] = pick(values)
  }
const odd = [undefined, null, true, 0, -1, '', 'x', [], ['x'], {}, 1.5]
const around = (time: number) => [-1, 0, 1].map((second) => time + second)

const mutations: Record<string, Mutation> = {
  iss: claim('iss', [...odd, `${issuer}/`, issuer.toUpperCase(), [issuer], 'https://evil.example']),
  sub: claim('sub', [...odd, 'another', 'é', 'x'.repeat(255), 'x'.repeat(256)]),
  aud: claim('aud', [
    ...odd,
    [appId],
    [appId, 'another'],
    ['another'],
    [[appId]],
    `${appId} another`,
    appId.toUpperCase(),
  ]),
  'aud and azp': (draft, _, pick) => {
    draft.claims['aud'] = pick([appId, [appId], [appId, 'another']])
    draft.claims['azp'] = pick([appId, 'another', undefined, '', null, [appId]])
  },
  azp: claim('azp', [...odd, appId, [appId]]),
  exp: claim('exp', [...odd, ...around(now - 30), ...around(now), now + 60, String(now + 60), 1e300]),
  iat: claim('iat', [...odd, ...around(now + 30), ...around(now - 630), now - 604_800, now + 604_800, String(now)]),
  'exp and iat': (draft, _, pick) => {
    draft.claims['iat'] = pick([now, now + 10, now - 600])
    draft.claims['exp'] = pick([now - 10, now, now + 10, now + 5])
  },
  nbf: claim('nbf', [...odd, ...around(now + 30), now - 60, now + 3600, String(now)]),
  nonce: claim('nonce', [...odd, nonce.toUpperCase(), `${nonce} `, [nonce]]),
  at_hash: claim('at_hash', [...odd, halfHash('at'), halfHash('at', 'RS384'), halfHash('x'), `${halfHash('at')}=`]),
  auth_time: claim('auth_time', [...odd, now, now - 60, now + 3600, String(now)]),
  purpose: (draft, _, pick) => {
    draft.claims[pick(['scope', 'scp', 'client_id', 'events'])] = pick(['openid', {}, null])
  },
  typ: header('typ', [...odd, 'JWT', 'jwt', 'at+jwt', 'logout+jwt', 'dpop+jwt', 'application/jwt']),
  crit: header('crit', [...odd, ['exp'], ['b64'], ['x-y'], 'b64']),
  b64: header('b64', [true, false]),
  zip: header('zip', ['DEF']),
  kid: header('kid', [...odd, 'RS256-key', 'ES256-key', 'unknown']),
  'alg in the header': header('alg', [...odd, 'none', 'None', 'HS256', 'HS384', 'RS256', 'RS384', 'ES256', 'PS256']),
  'keys in the header': (draft, _, pick) => {
    Object.assign(
      draft.header,
      pick([{ jwk: evil.RS256.jwk }, { jku: 'https://evil.example' }, { x5c: ['MIIB'] }, { x5t: 'x' }]),
    )
  },
  'a foreign key': (draft, alg) => {
    draft.how = { ...draft.how, secret: 'x'.repeat(40), ...(alg !== 'HS256' && { key: evil[alg] }) }
  },
  'the public key as secret': (draft) => {
    draft.how = { alg: 'HS256', secret: JSON.stringify(keyOf('RS256').jwk) }
  },
  'another algorithm': (draft, _, pick) => {
    draft.how = { alg: pick(['HS256', 'HS384', 'RS256', 'ES256', 'RS384', 'PS256'] as const), key: undefined }
    if (/^[RP]S/.test(draft.how.alg ?? '')) draft.how = { ...draft.how, key: keyOf('RS256') }
  },
  'a changed letter': (draft, _, pick) => {
    const place = pick(Array.from({ length: 400 }, (_, index) => index))
    draft.text = (token) => {
      const index = place % token.length
      return token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1)
    }
  },
  'another form': (draft, _, pick) => {
    draft.text = pick([
      (token) => `${token}=`,
      (token) => `${token}.`,
      (token) => ` ${token}`,
      (token) => `${token}\n`,
      (token) => token.slice(0, token.lastIndexOf('.') + 1),
      (token) => token.slice(0, token.lastIndexOf('.')),
      (token) => token.replace('.', '..'),
      (token) => token.split('.').reverse().join('.'),
      () => '',
      () => '..',
      () => 'a.b.c.d.e',
    ] as const satisfies ((token: string) => string)[])
  },
  'further claims': (draft) => {
    Object.assign(draft.claims, {
      email: 'a@b.c',
      name: '用户',
      acr: '0',
      amr: ['pwd'],
      updated_at: '2021-01-01T00:00:00Z',
      extra: { a: [null] },
    })
  },
  'a long claim': (draft) => {
    draft.claims['padding'] = 'x'.repeat(20_000)
  },
}

interface Case {
  readonly alg: (typeof algs)[number]
  readonly changes: string[]
  readonly token: string
}

function generate(seed: number): Case[] {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const names = Object.keys(mutations)
  return Array.from({ length: count }, () => {
    const alg = pick(algs)
    const draft: Draft = { claims: idClaims(), how: { alg }, header: {}, text: (token) => token }
    const changes = Array.from({ length: pick([0, 1, 1, 1, 1, 1, 2, 2]) }, () => pick(names))
    for (const name of changes) mutations[name]?.(draft, alg, pick)
    return { alg, changes, token: draft.text(jwt(draft.claims, { ...draft.how, header: draft.header })) }
  })
}

/** A verdict: accepted, or what was said. */
type Verdict = true | string
const verdict = (judged: Promise<unknown>, say: (error: Claims) => string): Promise<Verdict> =>
  judged.then(
    () => true,
    (error: unknown) => say(error as Claims),
  )

const jwks = { keys: [keyOf('RS256').jwk, keyOf('ES256').jwk] }
const fetch = jwksFetch(keyOf('RS256'), keyOf('ES256')).fetch
const configs = Object.fromEntries(
  algs.map((alg) => [alg, { appId, appHost, secret, idTokenSigningAlgs: [alg], fetch } as const satisfies OidcConfig]),
) as unknown as Record<(typeof algs)[number], OidcConfig>

const ours = ({ alg, token }: Case) =>
  verdict(verifyIdToken(configs[alg], token, { nonce, accessToken: 'at', fresh: true }, at()), ({ code, check }) =>
    String(check ?? code),
  )

const local = createLocalJWKSet(jwks)
const keyFor: Record<(typeof algs)[number], Uint8Array | JWTVerifyGetKey> = {
  HS256: new TextEncoder().encode(secret),
  RS256: local,
  ES256: local,
}
const byJose = ({ alg, token }: Case) =>
  verdict(
    jwtVerify(token, keyFor[alg] as JWTVerifyGetKey, {
      issuer,
      audience: appId,
      algorithms: [alg],
      clockTolerance: 30,
      currentDate: new Date(now * 1000),
      requiredClaims: ['sub', 'iat', 'exp'],
    }),
    ({ code, claim: what }) => [code, what].join(' '),
  )

const as: oauth.AuthorizationServer = { issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }
const byOauth4webapi = ({ alg, token }: Case) =>
  verdict(
    (async () => {
      const client: oauth.Client = { client_id: appId, id_token_signed_response_alg: alg, [oauth.clockTolerance]: 30 }
      const response = json({ access_token: 'at', token_type: 'Bearer', id_token: token })
      await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true })
      // Its check of a signature knows public keys only.
      if (alg !== 'HS256')
        await oauth.validateApplicationLevelSignature(as, response, { [oauth.customFetch]: async () => json(jwks) })
    })(),
    ({ code, message }) => String(code ?? message),
  )

/** Why a peer accepts what is refused here, by the check that refuses it. */
const laxer: Record<'jose' | 'oauth4webapi', Record<string, string>> = {
  jose: {
    nonce: 'a JWT library knows no nonce: its caller compares it',
    azp: 'nor azp',
    aud: 'it asks that the audience is among those listed, not that no other is',
    at_hash: 'nor what came along with an ID token',
    auth_time: 'nor when the user signed in',
    sub: 'it asks that sub is there, not what it is',
    iat: 'it judges iat only together with a maximum age, and never against exp',
    typ: 'it compares typ only when told to',
    purpose: 'it does not know which claims make a token another kind',
    header: 'it lets b64 and zip pass where they are not critical',
    format: 'it lets padding and white space pass in the last part',
  },
  oauth4webapi: {
    signature: 'it checks no HMAC: straight from the token endpoint it needs none',
    at_hash: 'it does not compare at_hash in the code flow',
    iat: 'it asks that iat is a number, not when',
    azp: 'it asks for azp with several audiences only',
    aud: 'it takes further audiences when azp is the client',
    sub: 'it asks for a string, of whatever length and letters',
    typ: 'it does not look at typ of an ID token',
    purpose: 'it does not know which claims make a token another kind',
    header: 'it lets b64 and zip pass',
    auth_time: 'it takes an auth_time in the future',
    format: 'it decodes base64 that is not strict',
  },
}

/** Why a peer refuses what is accepted here, by the change and what it says. */
const stricter: Record<'jose' | 'oauth4webapi', Record<string, string>> = {
  jose: {},
  oauth4webapi: {
    'auth_time: OAUTH_INVALID_RESPONSE': 'it takes no sign-in before 1970; here only a maximum age limits the past',
  },
}

/** The reason's key for a difference: the check that refuses here, or the change that is refused there. */
const reasonFor = ({ one, ...result }: (typeof results)[number], peer: 'jose' | 'oauth4webapi'): string =>
  result.ours === true
    ? (one.changes.map((change) => `${change}: ${String(result[peer])}`).find((key) => key in stricter[peer]) ??
      `${one.changes.join(' + ')}: ${String(result[peer])}`)
    : result.ours

let cases: Case[]
let results: { readonly one: Case; readonly ours: Verdict; readonly jose: Verdict; readonly oauth4webapi: Verdict }[]

beforeAll(async () => {
  vi.useFakeTimers({ now: now * 1000, toFake: ['Date'] })
  cases = generate(20_261_122)
  results = await Promise.all(
    cases.map(async (one) => ({
      one,
      ours: await ours(one),
      jose: await byJose(one),
      oauth4webapi: await byOauth4webapi(one),
    })),
  )
})
afterAll(() => vi.useRealTimers())

describe(`${count} generated ID tokens`, () => {
  it('are good and bad, and touch every change', () => {
    const good = results.filter((result) => result.ours === true).length
    expect(good).toBeGreaterThan(count / 10)
    expect(good).toBeLessThan(count / 2)
    expect(new Set(cases.flatMap(({ changes }) => changes))).toEqual(new Set(Object.keys(mutations)))
    // What nothing was done to is good, and all three say so.
    for (const result of results.filter(({ one }) => one.changes.length === 0))
      expect([result.ours, result.jose, result.oauth4webapi]).toEqual([true, true, true])
  })

  it.each(['jose', 'oauth4webapi'] as const)(
    'get the same verdict here and from %s, or there is a listed reason',
    (peer) => {
      const unexplained = results
        .filter((result) => (result.ours === true) !== (result[peer] === true))
        .filter((result) => !(reasonFor(result, peer) in (result.ours === true ? stricter : laxer)[peer]))
        .map(
          ({ one, ours: here, [peer]: there }) =>
            `${one.changes.join(' + ')}: here ${String(here)}, there ${String(there)}`,
        )
      expect(unexplained).toEqual([])
    },
  )

  it.each(['jose', 'oauth4webapi'] as const)('and no reason for %s is listed in vain', (peer) => {
    const differing = results.filter((result) => (result.ours === true) !== (result[peer] === true))
    const seen = new Set(differing.map((result) => reasonFor(result, peer)))
    const listed = [...Object.keys(laxer[peer]), ...Object.keys(stricter[peer])]
    expect([...seen].sort()).toEqual(listed.sort())
  })

  it('have a good signature here exactly when jose finds one, whatever the claims say', async () => {
    // The signature is judged last here: refused for it, the token has nothing else wrong.
    for (const { one, ours: said } of results.filter((result) => result.ours === true || result.ours === 'signature')) {
      const key = one.alg === 'HS256' ? keyFor.HS256 : local
      const found = await compactVerify(one.token, key as JWTVerifyGetKey, { algorithms: [one.alg] }).then(
        () => true,
        () => false,
      )
      expect(found).toBe(said === true)
    }
  })
})

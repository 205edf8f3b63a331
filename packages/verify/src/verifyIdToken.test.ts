import { describe, expect, it, vi } from 'vitest'
import type { OidcConfig, SigningAlg } from '@genauth-oidc/core/types'
import {
  appId,
  at,
  base64url,
  config,
  halfHash,
  idClaims,
  issuer,
  jwksFetch,
  jwt,
  keyOf,
  nonce,
  now,
  signature,
  subject,
  type Claims,
  type How,
} from '../../../tests/support/tokens.js'
import type { ExpectedIdToken } from './types.js'
import { verifyIdToken } from './verifyIdToken.js'

const verify = (token: unknown, expected?: ExpectedIdToken, other: OidcConfig = config, seconds = 0) =>
  verifyIdToken(other, token as string, { nonce, ...expected }, at(seconds))
const verifyClaims = (changes: Claims, expected?: ExpectedIdToken, other?: OidcConfig) =>
  verify(jwt(idClaims(changes)), expected, other)
const refused = (check: string) => ({ name: 'OidcError', code: 'token_invalid', check })

const asymmetric = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const satisfies SigningAlg[]

describe('the signature [R23] [D43] [D44]', () => {
  it.each(['HS256', 'HS384', 'HS512'] as const)('of an %s token is checked with the app secret', async (alg) => {
    const other = { ...config, idTokenSigningAlgs: [alg] }
    const token = jwt(idClaims(), { alg })
    await expect(verify(token, {}, other)).resolves.toMatchObject({ sub: subject, iss: issuer, aud: appId })
    const forged = jwt(idClaims(), { alg, secret: `${config.secret}!` })
    await expect(verify(forged, {}, other)).rejects.toMatchObject(refused('signature'))
  })

  it.each(asymmetric)('of an %s token is checked with the key of the provider', async (alg) => {
    const { fetch, calls } = jwksFetch(keyOf(alg))
    const other = { ...config, idTokenSigningAlgs: [alg], fetch }
    await expect(verify(jwt(idClaims(), { alg }), {}, other)).resolves.toMatchObject({ sub: subject })
    expect(calls.map(({ method, url }) => `${method} ${url.href}`)).toEqual([`GET ${issuer}/.well-known/jwks.json`])
    const forged = jwt(idClaims(), { alg, key: { ...keyOf(alg, 'another'), kid: keyOf(alg).kid } })
    await expect(verify(forged, {}, other)).rejects.toMatchObject(refused('signature'))
  })

  it.each(asymmetric)('of an %s token goes with hashes of its own algorithm [D49]', async (alg) => {
    const { fetch } = jwksFetch(keyOf(alg))
    const other = { ...config, idTokenSigningAlgs: [alg], fetch }
    const expected = { accessToken: 'an-access-token', code: 'a-code', state: 'a-state' }
    const hashes = (by: SigningAlg) => ({
      at_hash: halfHash('an-access-token', by),
      c_hash: halfHash('a-code', by),
      s_hash: halfHash('a-state', by),
    })
    await expect(verify(jwt(idClaims(hashes(alg)), { alg }), expected, other)).resolves.toMatchObject({ sub: subject })
    const wrong = jwt(idClaims(hashes(/256/.test(alg) ? 'RS384' : 'RS256')), { alg })
    await expect(verify(wrong, expected, other)).rejects.toMatchObject(refused('at_hash'))
  })

  it('is refused where the runtime throws at it, as some do at one of the wrong length', async () => {
    const verifying = vi.spyOn(crypto.subtle, 'verify').mockRejectedValue(new DOMException('marked', 'OperationError'))
    try {
      await expect(verifyClaims({})).rejects.toMatchObject(refused('signature'))
    } finally {
      verifying.mockRestore()
    }
  })

  it('fails after any change of one bit, wherever it is', async () => {
    const token = jwt(idClaims())
    const bits = Array.from({ length: token.length * 6 }, (_, bit) => bit).filter((bit) => bit % 7 === 0)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (const bit of bits) {
      const place = Math.floor(bit / 6)
      const letter = alphabet.indexOf(token[place] ?? '')
      if (letter < 0) continue
      const changed = token.slice(0, place) + (alphabet[letter ^ (1 << (bit % 6))] ?? '') + token.slice(place + 1)
      await expect(verify(changed), `bit ${bit}`).rejects.toMatchObject({ code: 'token_invalid' })
    }
  })

  it('fails when it is cut, lengthened or empty', async () => {
    const token = jwt(idClaims())
    const signed = token.slice(0, token.lastIndexOf('.'))
    for (const changed of [`${signed}.AAAA`, `${token}AAAA`, token.slice(0, -4), `${signed}.`, signed, `${signed}..`])
      await expect(verify(changed)).rejects.toMatchObject({ code: 'token_invalid' })
  })

  it('is good with a secret that a function gives', async () => {
    for (const secret of [() => config.secret, async () => config.secret])
      await expect(verify(jwt(idClaims()), {}, { ...config, secret })).resolves.toMatchObject({ sub: subject })
  })

  it('follows a secret that is changed behind the function', async () => {
    let current = 'the-first-secret-of-32-characters-or-more'
    const other = { ...config, secret: () => current }
    const first = jwt(idClaims(), { secret: current })
    await expect(verify(first, {}, other)).resolves.toBeTruthy()
    current = 'the-second-secret-of-32-characters-or-so'
    await expect(verify(first, {}, other)).rejects.toMatchObject(refused('signature'))
    await expect(verify(jwt(idClaims(), { secret: current }), {}, other)).resolves.toBeTruthy()
  })

  it('of HS* without a secret has no key: the error says what to do', async () => {
    const other = { appId, appHost: config.appHost, idTokenSigningAlgs: ['HS256'] } as const
    const error: unknown = await verify(jwt(idClaims()), {}, other).catch((reason: unknown) => reason)
    expect(error).toMatchObject(refused('key'))
    expect((error as Error).message).toMatch(/secret.*RS256|RS256.*secret/)
  })

  it.each([
    ['HS256', 31],
    ['HS384', 47],
    ['HS512', 63],
  ] as const)('of %s is not checked with a secret of %d octets', async (alg, octets) => {
    const other = (secret: string) => ({ ...config, secret, idTokenSigningAlgs: [alg] })
    const short = 'x'.repeat(octets)
    await expect(verify(jwt(idClaims(), { alg, secret: short }), {}, other(short))).rejects.toMatchObject({
      code: 'config_invalid',
      issues: [{ path: 'secret' }],
    })
    const enough = `${short}x`
    await expect(verify(jwt(idClaims(), { alg, secret: enough }), {}, other(enough))).resolves.toBeTruthy()
    // Octets count, not characters.
    const accents = 'é'.repeat((octets + 1) / 2)
    await expect(verify(jwt(idClaims(), { alg, secret: accents }), {}, other(accents))).resolves.toBeTruthy()
  })

  it('of RS* needs no long secret: a short one may still authenticate the client', async () => {
    const { fetch } = jwksFetch(keyOf('RS256'))
    const other = { ...config, secret: 'short', idTokenSigningAlgs: ['RS256'], fetch } as const
    await expect(verify(jwt(idClaims(), { alg: 'RS256' }), {}, other)).resolves.toMatchObject({ sub: subject })
  })
})

describe('the algorithm [R23] [D44]', () => {
  const rs256 = jwksFetch(keyOf('RS256'))

  it('is HS256 for a GenAuth application with a secret', async () => {
    await expect(
      verify(jwt(idClaims(), { alg: 'RS256' }), {}, { ...config, fetch: rs256.fetch }),
    ).rejects.toMatchObject(refused('alg'))
  })

  it('is RS256 for one without, and for every other provider', async () => {
    const token = jwt(idClaims(), { alg: 'RS256' })
    const spa = { appId, appHost: config.appHost, fetch: rs256.fetch }
    await expect(verify(token, {}, spa)).resolves.toMatchObject({ sub: subject })
    const other = { appId, issuer, secret: config.secret, endpoints: { jwks: `${issuer}/jwks` }, fetch: rs256.fetch }
    await expect(verify(token, {}, other)).resolves.toMatchObject({ sub: subject })
    for (const one of [spa, other]) await expect(verify(jwt(idClaims()), {}, one)).rejects.toMatchObject(refused('alg'))
  })

  it('says what was expected and what came', async () => {
    const error = await verify(jwt(idClaims(), { alg: 'RS256' })).catch((reason: unknown) => reason as Error)
    expect((error as Error).message).toMatch(/HS256.*RS256.*idTokenSigningAlgs/)
  })

  it('may be one of several during a change-over', async () => {
    const other = { ...config, idTokenSigningAlgs: ['HS256', 'RS256'], fetch: rs256.fetch } as const
    for (const alg of other.idTokenSigningAlgs)
      await expect(verify(jwt(idClaims(), { alg }), {}, other)).resolves.toMatchObject({ sub: subject })
    await expect(verify(jwt(idClaims(), { alg: 'HS384' }), {}, other)).rejects.toMatchObject(refused('alg'))
  })
})

describe('the form of a token [D39] [D50] [D52]', () => {
  const [header = '', payload = '', end = ''] = jwt(idClaims()).split('.')
  const signed = (first: string, second: string) => `${first}.${second}.${base64url(signature(`${first}.${second}`))}`
  const raw = (text: string) => signed(header, base64url(text))

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'missing'],
    ['an empty string', '', 'missing'],
    ['null', null, 'missing'],
    ['an object', { toString: () => jwt(idClaims()) }, 'missing'],
    ['one part', 'abc', 'format'],
    ['two parts', `${header}.${payload}`, 'format'],
    ['four parts', `${header}.${payload}.${end}.${end}`, 'format'],
    ['five parts, as an encrypted one has', 'a.b.c.d.e', 'format'],
    ['padding', `${header}=.${payload}.${end}`, 'format'],
    ['padding at the end', `${header}.${payload}.${end}=`, 'format'],
    ['the plus of plain base64', `${header}.${payload}.+${end.slice(1)}`, 'format'],
    ['the slash of plain base64', `${header}.${payload}./${end.slice(1)}`, 'format'],
    ['a space before it', ` ${header}.${payload}.${end}`, 'format'],
    ['a line break behind it', `${header}.${payload}.${end}\n`, 'format'],
    ['white space inside', `${header}.${payload.slice(0, 4)} ${payload.slice(4)}.${end}`, 'format'],
    ['an impossible length', `${header}.${payload}A.${end}`, 'format'],
    ['a payload that is no JSON', raw('hello'), 'format'],
    ['an empty payload', signed(header, ''), 'format'],
    ['an array as payload', raw('[]'), 'format'],
    ['null as payload', raw('null'), 'format'],
    ['a string as payload', raw('"sub"'), 'format'],
    ['a number as payload', raw('1'), 'format'],
    ['a payload with a byte order mark', raw(`\ufeff${JSON.stringify(idClaims())}`), 'format'],
    ['a payload with a trailing comma', raw(`${JSON.stringify(idClaims()).slice(0, -1)},}`), 'format'],
    [
      'a payload that is no UTF-8',
      signed(header, base64url(Buffer.from(JSON.stringify(idClaims({ name: '\xff' })), 'latin1'))),
      'format',
    ],
    ['a payload in UTF-16', signed(header, base64url(Buffer.from(JSON.stringify(idClaims()), 'utf16le'))), 'format'],
    ['an exp that will be no number', signed(header, base64url(idClaims({ exp: { toString: 1 } }))), 'exp'],
    ['an array as header', signed(base64url('[]'), payload), 'format'],
    ['null as header', signed(base64url('null'), payload), 'format'],
    ['a header without alg', signed(base64url({ typ: 'JWT' }), payload), 'header'],
    ['an alg that is no string', signed(base64url({ alg: ['HS256'] }), payload), 'header'],
    ['a token over 64 KiB', jwt(idClaims({ padding: 'x'.repeat(1 << 16) })), 'format'],
  ])('is refused for %s', async (_, token, check) => {
    await expect(verify(token)).rejects.toMatchObject(refused(check))
  })

  it('is refused for stray bits at the end of a part', async () => {
    // A digest of 32 bytes leaves two bits of its last letter unused: set, they would be a second spelling of the token.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const stray = alphabet[alphabet.indexOf(end.at(-1) ?? '') | 1] ?? ''
    expect(stray).not.toBe(end.at(-1))
    await expect(verify(`${header}.${payload}.${end.slice(0, -1)}${stray}`)).rejects.toMatchObject(refused('format'))
  })

  it('is fine up to 64 KiB', async () => {
    const token = jwt(idClaims({ padding: 'x'.repeat(48_000) }))
    expect(token.length).toBeGreaterThan(64_000)
    await expect(verify(token)).resolves.toMatchObject({ sub: subject })
  })

  it('takes text of every script in other claims', async () => {
    await expect(verifyClaims({ name: '张三 é 🙂' })).resolves.toMatchObject({ name: '张三 é 🙂' })
  })

  it('takes the last of duplicate members, as RFC 7519 allows [R35]', async () => {
    const text = JSON.stringify(idClaims())
    await expect(verify(raw(text.replace('{', '{"sub":"someone-else",')))).resolves.toMatchObject({ sub: subject })
    await expect(verify(raw(text.replace(/}$/, ',"aud":"someone-else"}')))).rejects.toMatchObject(refused('aud'))
  })

  it('gives no prototype to what is parsed', async () => {
    const text = JSON.stringify(idClaims()).replace('{', '{"__proto__":{"admin":true},"constructor":{"a":1},')
    const claims = await verify(raw(text))
    expect(({} as Claims)['admin']).toBeUndefined()
    expect(Object.getPrototypeOf(claims)).toBe(Object.prototype)
    // A claim that only a prototype has is not there.
    const inherited = idClaims({ nonce: undefined })
    const fake = JSON.stringify(inherited).replace('{', `{"__proto__":{"nonce":"${nonce}"},`)
    await expect(verify(raw(fake))).rejects.toMatchObject(refused('nonce'))
  })

  it.each<[string, Claims, string]>([
    ['a critical extension', { crit: ['exp'], exp: 1 }, 'header'],
    ['an unknown critical extension', { crit: ['http://example.com/x'], 'http://example.com/x': true }, 'header'],
    ['an empty crit', { crit: [] }, 'header'],
    ['a crit that is null', { crit: null }, 'header'],
    ['a crit that is null beside b64', { crit: null, b64: false }, 'header'],
    ['b64 false', { b64: false, crit: ['b64'] }, 'header'],
    ['b64 false, not marked', { b64: false }, 'header'],
    ['compression', { zip: 'DEF' }, 'header'],
    ['encryption', { alg: 'dir', enc: 'A256GCM' }, 'alg'],
    ['a bomb of key stretching', { alg: 'PBES2-HS256+A128KW', p2c: 2_147_483_647, p2s: 'AAAA' }, 'alg'],
  ])('is refused for %s in the header', async (_, header, check) => {
    await expect(verify(jwt(idClaims(), { header }))).rejects.toMatchObject(refused(check))
  })

  it('ignores what else a header says', async () => {
    const header = { kid: 'unknown-to-all', cty: 'x', 'x-vendor': {}, jku: 'https://evil.example', x5t: 'abc' }
    await expect(verify(jwt(idClaims(), { header }))).resolves.toMatchObject({ sub: subject })
  })
})

describe('the type of a token [R22] [D51]', () => {
  it.each(['JWT', 'jwt', undefined])('may be %s', async (typ) => {
    await expect(verify(jwt(idClaims(), { header: { typ } }))).resolves.toMatchObject({ sub: subject })
  })

  it.each<unknown>([
    'at+jwt',
    'application/at+jwt',
    'logout+jwt',
    'dpop+jwt',
    'secevent+jwt',
    'token-introspection+jwt',
    'oauth-authz-req+jwt',
    'JWT ',
    '',
    null,
    1,
    ['JWT'],
    {},
  ])('is never %j', async (typ) => {
    await expect(verify(jwt(idClaims(), { header: { typ } }))).rejects.toMatchObject(refused('typ'))
  })

  it('nested deeper than a stack is refused like any other', async () => {
    const header = `{"alg":"HS256","typ":${'['.repeat(9000)}${']'.repeat(9000)}}`
    await expect(verify([base64url(header), base64url({}), 'AA'].join('.'))).rejects.toMatchObject(refused('typ'))
  })

  it.each(['scope', 'scp', 'client_id', 'events'])('is not that of an ID token with a %s', async (name) => {
    for (const value of ['openid', '', null, {}])
      await expect(verifyClaims({ [name]: value })).rejects.toMatchObject(refused('purpose'))
  })
})

describe('the issuer and the subject [D40] [D48]', () => {
  it.each([
    `${issuer}/`,
    issuer.toUpperCase(),
    issuer.replace('https', 'http'),
    issuer.replace('.ai', '.ai:443'),
    `${config.appHost}/oauth`,
    config.appHost,
    'https://sample-app.genauth.ai/%6Fidc',
    'undefined/oidc',
    undefined,
    '',
  ])('refuses iss %j', async (iss) => {
    await expect(verifyClaims({ iss })).rejects.toMatchObject(refused('iss'))
  })

  it('takes an issuer of another form when the config names it', async () => {
    const other = { ...config, issuer: 'https://id.example.com/' }
    await expect(verifyClaims({ iss: 'https://id.example.com/' }, {}, other)).resolves.toBeTruthy()
    await expect(verifyClaims({ iss: 'https://id.example.com' }, {}, other)).rejects.toMatchObject(refused('iss'))
  })

  it.each([undefined, '', 'é', '用户', 'x'.repeat(256)])('refuses sub %j', async (sub) => {
    await expect(verifyClaims({ sub })).rejects.toMatchObject(refused('sub'))
  })

  it.each(['x', 'x'.repeat(255), 'a b|c@d', '0'])('takes sub %j', async (sub) => {
    await expect(verifyClaims({ sub })).resolves.toMatchObject({ sub })
  })
})

describe('the audience [R20] [D41] [D42]', () => {
  it.each<[string, Claims, ExpectedIdToken?]>([
    ['the application', { aud: appId }],
    ['a list of it alone', { aud: [appId] }],
    ['the application, with azp', { aud: appId, azp: appId }],
    ['another trusted one beside it, with azp', { aud: [appId, 'api'], azp: appId }, { trustedAudiences: ['api'] }],
    ['trusted ones that are not in it', { aud: appId }, { trustedAudiences: ['api'] }],
  ])('may be %s', async (_, changes, expected) => {
    await expect(verifyClaims(changes, expected)).resolves.toMatchObject({ sub: subject })
  })

  it.each<[string, Claims, string, ExpectedIdToken?]>([
    ['missing', { aud: undefined }, 'aud'],
    ['another application', { aud: 'another-app' }, 'aud'],
    ['an empty list', { aud: [] }, 'aud'],
    ['an empty string', { aud: '' }, 'aud'],
    ['a part of the id', { aud: appId.slice(0, -1) }, 'aud'],
    ['more than the id', { aud: `${appId}1` }, 'aud'],
    ['ids in one string', { aud: `${appId} another-app` }, 'aud'],
    ['ids with a comma', { aud: `${appId},another-app` }, 'aud'],
    ['in a list of lists', { aud: [[appId]] }, 'aud'],
    ['an object', { aud: { 0: appId, length: 1 } }, 'aud'],
    ['an untrusted one beside it', { aud: [appId, 'another-app'], azp: appId }, 'aud'],
    ['null beside it', { aud: [appId, null], azp: appId }, 'aud'],
    ['only a trusted one', { aud: ['api'], azp: appId }, 'aud', { trustedAudiences: ['api'] }],
    ['only a trusted string', { aud: 'api', azp: appId }, 'aud', { trustedAudiences: ['api'] }],
    ['a trusted one beside it without azp', { aud: [appId, 'api'] }, 'azp', { trustedAudiences: ['api'] }],
    ['one of two trusted', { aud: [appId, 'api', 'b'], azp: appId }, 'aud', { trustedAudiences: ['api'] }],
    ['for another party', { aud: appId, azp: 'another-app' }, 'azp'],
    ['for a list of parties', { aud: appId, azp: [appId] }, 'azp'],
    ['for an empty party', { aud: appId, azp: '' }, 'azp'],
    ['for null', { aud: appId, azp: null }, 'azp'],
  ])('is refused: %s', async (_, changes, check, expected) => {
    await expect(verifyClaims(changes, expected)).rejects.toMatchObject(refused(check))
  })
})

describe('the times [R21] [D45] [D47] [D53]', () => {
  const tolerance = 30
  it.each<[string, Claims, string | undefined, ExpectedIdToken?]>([
    ['exp one second before the border', { exp: now - tolerance - 1, iat: now - 900 }, 'exp'],
    ['exp at the border', { exp: now - tolerance, iat: now - 900 }, 'exp'],
    ['exp one second after the border', { exp: now - tolerance + 1, iat: now - 900 }, undefined],
    ['iat one second before the border', { iat: now + tolerance - 1 }, undefined],
    ['iat at the border', { iat: now + tolerance }, undefined],
    ['iat one second after the border', { iat: now + tolerance + 1 }, 'iat'],
    ['nbf one second before the border', { nbf: now + tolerance - 1 }, undefined],
    ['nbf at the border', { nbf: now + tolerance }, undefined],
    ['nbf one second after the border', { nbf: now + tolerance + 1 }, 'nbf'],
    ['exp equal to iat', { exp: now, iat: now }, 'iat'],
    ['exp before iat', { exp: now + 10, iat: now + 20 }, 'iat'],
    ['a fresh iat at 600 s and the tolerance', { iat: now - 630 }, undefined, { fresh: true }],
    ['a fresh iat one second older', { iat: now - 631 }, 'iat', { fresh: true }],
    ['a week old iat where nothing has to be fresh', { iat: now - 604_800 }, undefined],
    ['times with a fraction', { iat: now - 0.5, exp: now + 0.5 }, undefined],
    ['no exp', { exp: undefined }, 'exp'],
    ['no iat', { iat: undefined }, 'iat'],
    ['exp in milliseconds of the past', { exp: (now - 3600) / 1000 }, 'exp'],
    ['auth_time within maxAge', { auth_time: now - 60 }, undefined, { maxAge: 60 }],
    ['auth_time at the border of maxAge', { auth_time: now - 60 - tolerance }, undefined, { maxAge: 60 }],
    ['auth_time one second over maxAge', { auth_time: now - 61 - tolerance }, 'auth_time', { maxAge: 60 }],
    ['maxAge 0 right after the sign-in', { auth_time: now }, undefined, { maxAge: 0 }],
    ['maxAge 0 later', { auth_time: now - tolerance - 1 }, 'auth_time', { maxAge: 0 }],
    ['no auth_time with maxAge', {}, 'auth_time', { maxAge: 3600 }],
    ['auth_time in the future', { auth_time: now + tolerance + 1 }, 'auth_time'],
    ['an old auth_time without maxAge', { auth_time: 1 }, undefined],
    ['maxAge that is no number', { auth_time: now }, 'auth_time', { maxAge: NaN }],
  ])('%s: %s', async (_, changes, check, expected) => {
    const judged = verifyClaims(changes, expected)
    if (check) await expect(judged).rejects.toMatchObject(refused(check))
    else await expect(judged).resolves.toMatchObject({ sub: subject })
  })

  it('are compared with the tolerance of the config, which has an upper limit', async () => {
    const expired = { exp: now - 100, iat: now - 900 }
    await expect(verifyClaims(expired, {}, { ...config, clockTolerance: 101 })).resolves.toBeTruthy()
    await expect(verifyClaims(expired, {}, { ...config, clockTolerance: 100 })).rejects.toMatchObject(refused('exp'))
    await expect(verifyClaims(expired, {}, { ...config, clockTolerance: 0 })).rejects.toMatchObject(refused('exp'))
    const long = { exp: now - 300, iat: now - 900 }
    await expect(verifyClaims(long, {}, { ...config, clockTolerance: 9999 })).rejects.toMatchObject(refused('exp'))
    await expect(verifyClaims({ exp: now }, {}, { ...config, clockTolerance: 0 })).rejects.toMatchObject(refused('exp'))
  })

  it('are compared with the clock that is given, be it a function', async () => {
    const token = jwt(idClaims())
    await expect(verifyIdToken(config, token, { nonce }, { now: () => now * 1000 })).resolves.toBeTruthy()
    await expect(verifyIdToken(config, token, { nonce }, at(3700))).rejects.toMatchObject(refused('exp'))
    await expect(verifyIdToken(config, token, { nonce }, { now: NaN })).rejects.toMatchObject({ name: 'OidcError' })
  })

  it('are those of the system where no clock is given', async () => {
    const today = Math.floor(Date.now() / 1000)
    const current = jwt(idClaims({ iat: today, exp: today + 60 }))
    await expect(verifyIdToken(config, current, { nonce })).resolves.toBeTruthy()
    const past = jwt(idClaims({ iat: today - 3600, exp: today - 60 }))
    await expect(verifyIdToken(config, past, { nonce })).rejects.toMatchObject(refused('exp'))
  })
})

describe('the nonce [R19] [D46] [E55]', () => {
  it.each<[string, unknown, ExpectedIdToken, boolean]>([
    ['a string that is there', nonce, { nonce }, true],
    ['a string that is missing', undefined, { nonce }, false],
    ['another string', 'another', { nonce }, false],
    ['the string in another case', nonce.toUpperCase(), { nonce }, false],
    ['the string with more behind it', `${nonce}a`, { nonce }, false],
    ['the string in a list', [nonce], { nonce }, false],
    ['null, and none', undefined, { nonce: null }, true],
    ['null, and one', nonce, { nonce: null }, false],
    ['null, and an empty one', '', { nonce: null }, false],
    ['null, and null', null, { nonce: null }, false],
    ['nothing, and one', nonce, { nonce: undefined }, true],
    ['nothing, and none', undefined, { nonce: undefined }, true],
    ['an empty string, and an empty one', '', { nonce: '' }, false],
    ['an empty string, and none', undefined, { nonce: '' }, false],
    ['nothing, from the front channel', nonce, { nonce: undefined, frontChannel: true }, false],
    ['null, from the front channel, and one', nonce, { nonce: null, frontChannel: true }, false],
    ['a string, from the front channel', nonce, { nonce, frontChannel: true }, true],
  ])('expected as %s', async (_, claim, expected, good) => {
    const judged = verifyClaims({ nonce: claim }, expected)
    if (good) await expect(judged).resolves.toBeTruthy()
    else await expect(judged).rejects.toMatchObject(refused('nonce'))
  })

  it('never passes the front channel as null: a token without one could be anybody’s', async () => {
    await expect(verifyClaims({ nonce: undefined }, { nonce: null, frontChannel: true })).rejects.toMatchObject(
      refused('nonce'),
    )
  })
})

describe('the hashes [R24] [D49] [E56] [E57] [E58]', () => {
  const values = { accessToken: 'an-access-token', code: 'a-code', state: 'a-state' }
  const cases = [
    ['at_hash', { accessToken: values.accessToken }, halfHash(values.accessToken), true],
    ['c_hash', { code: values.code }, halfHash(values.code), true],
    ['s_hash', { state: values.state }, halfHash(values.state), false],
  ] as const

  it.each(cases)('%s is right when it is there', async (name, expected, right) => {
    await expect(verifyClaims({ [name]: right }, expected)).resolves.toBeTruthy()
    const wrong = [halfHash('another'), '', null, right.slice(0, -1), `${right}=`, [right], halfHash('a-code', 'HS512')]
    for (const value of wrong)
      await expect(verifyClaims({ [name]: value }, expected), String(value)).rejects.toMatchObject(refused(name))
  })

  it.each(cases)('%s may be missing from the token endpoint', async (_, expected) => {
    await expect(verifyClaims({}, expected)).resolves.toBeTruthy()
  })

  it.each(cases)(
    '%s in the front channel: required with what it stands for',
    async (name, expected, right, required) => {
      const judged = verifyClaims({}, { ...expected, frontChannel: true })
      if (required) await expect(judged).rejects.toMatchObject(refused(name))
      else await expect(judged).resolves.toBeTruthy()
      await expect(verifyClaims({ [name]: right }, { ...expected, frontChannel: true })).resolves.toBeTruthy()
    },
  )

  it.each(cases)('%s is not looked at when nothing came along', async (name) => {
    await expect(verifyClaims({ [name]: 'whatever' })).resolves.toBeTruthy()
  })
})

describe('a refusal', () => {
  it('comes from nothing that others put on every object', async () => {
    const everything = Object.prototype as Claims
    everything['extra'] = () => 'extra'
    try {
      await expect(verify(jwt(idClaims()))).resolves.toMatchObject({ sub: subject })
      await expect(verifyClaims({ nonce: 'another' })).rejects.toMatchObject(refused('nonce'))
    } finally {
      delete everything['extra']
    }
  })

  it('names the check, and holds nothing of the token and no secret', async () => {
    const tokens: [string, How & { claims?: Claims }][] = [
      ['signature', { secret: 'x'.repeat(40) }],
      ['iss', { claims: { iss: 'https://evil.example/marked' } }],
      ['aud', { claims: { aud: 'marked' } }],
      ['exp', { claims: { exp: 1 } }],
      ['nonce', { claims: { nonce: 'marked' } }],
    ]
    for (const [check, { claims, ...how }] of tokens) {
      const token = jwt(idClaims(claims), how)
      const error = await verify(token).catch((reason: unknown) => reason as Error)
      expect(error).toMatchObject(refused(check))
      const text = JSON.stringify(error) + (error as Error).message + String((error as Error).stack)
      for (const mark of [...token.split('.'), config.secret, nonce, 'marked']) expect(text).not.toContain(mark)
    }
  })

  it('rejects, and never throws at the call', () => {
    const judged = verifyIdToken(undefined as never, undefined as never)
    expect(judged).toBeInstanceOf(Promise)
    return expect(judged).rejects.toMatchObject({ name: 'OidcError' })
  })
})

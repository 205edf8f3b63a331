import { describe, expect, it, vi } from 'vitest'
import type { OidcConfig } from '@genauth-oidc/core/types'
import {
  appId,
  at,
  base64url,
  config,
  issuer,
  jwksFetch,
  jwt,
  keyOf,
  logoutClaims,
  logoutEvent,
  now,
  subject,
  type Claims,
  type How,
} from '../../../tests/support/tokens.js'
import type { ExpectedLogoutToken } from './types.js'
import { verifyLogoutToken } from './verifyLogoutToken.js'

const typed = { typ: 'logout+jwt' }
const sign = (changes?: Claims, how?: How) => jwt(logoutClaims(changes), { header: typed, ...how })
const verify = (token: unknown, expected?: ExpectedLogoutToken, other: OidcConfig = config, seconds = 0) =>
  verifyLogoutToken(other, token as string, expected, at(seconds))
const refused = (check: string) => ({ name: 'OidcError', code: 'token_invalid', check })

describe('a logout token [R31] [N117]', () => {
  it('passes with sub, sid, or both', async () => {
    await expect(verify(sign())).resolves.toMatchObject({ sub: subject, sid: 'a-session', jti: 'a-logout' })
    await expect(verify(sign({ sub: undefined }))).resolves.toMatchObject({ sid: 'a-session' })
    await expect(verify(sign({ sid: undefined }))).resolves.toMatchObject({ sub: subject })
  })

  it.each(['logout+jwt', 'LOGOUT+JWT', 'application/logout+jwt', 'JWT', undefined])('may have typ %s', async (typ) => {
    await expect(verify(sign({}, { header: { typ } }))).resolves.toBeTruthy()
  })

  it.each<unknown>(['at+jwt', 'secevent+jwt', 'dpop+jwt', '', null, 1, ['logout+jwt']])(
    'never has typ %j',
    async (typ) => {
      await expect(verify(sign({}, { header: { typ } }))).rejects.toMatchObject(refused('typ'))
    },
  )

  it('never has a typ nested deeper than a stack', async () => {
    const header = `{"alg":"HS256","typ":${'['.repeat(9000)}${']'.repeat(9000)}}`
    await expect(verify([base64url(header), base64url({}), 'AA'].join('.'))).rejects.toMatchObject(refused('typ'))
  })

  it('says what is missing from a config that is none', async () => {
    for (const none of [undefined, null, {}])
      await expect(verifyLogoutToken(none as never, sign(), {}, at())).rejects.toMatchObject({
        code: 'config_invalid',
        issues: [{ path: 'appId' }],
      })
  })

  it('is signed as the ID tokens are', async () => {
    const { fetch } = jwksFetch(keyOf('RS256'))
    const other = { ...config, idTokenSigningAlgs: ['RS256'], fetch } as const
    const token = jwt(logoutClaims(), { alg: 'RS256', header: typed })
    await expect(verify(token, {}, other)).resolves.toBeTruthy()
    await expect(verify(token)).rejects.toMatchObject(refused('alg'))
    await expect(verify(sign(), {}, other)).rejects.toMatchObject(refused('alg'))
    await expect(verify(sign({}, { secret: 'y'.repeat(40) }))).rejects.toMatchObject(refused('signature'))
  })

  it.each<[string, Claims, string]>([
    ['no events', { events: undefined }, 'events'],
    ['events that are a list', { events: [logoutEvent] }, 'events'],
    ['events that are text', { events: logoutEvent }, 'events'],
    ['no event', { events: {} }, 'events'],
    ['another event', { events: { 'http://schemas.openid.net/event/other': {} } }, 'events'],
    ['the event as null', { events: { [logoutEvent]: null } }, 'events'],
    ['the event as true', { events: { [logoutEvent]: true } }, 'events'],
    ['the event as text', { events: { [logoutEvent]: '' } }, 'events'],
    ['the event as a list', { events: { [logoutEvent]: [] } }, 'events'],
    ['a nonce', { nonce: 'n' }, 'nonce'],
    ['a nonce that is null', { nonce: null }, 'nonce'],
    ['another issuer', { iss: `${issuer}/` }, 'iss'],
    ['no issuer', { iss: undefined }, 'iss'],
    ['another audience', { aud: 'another-app' }, 'aud'],
    ['no audience', { aud: undefined }, 'aud'],
    ['an empty list of audiences', { aud: [] }, 'aud'],
    ['one more audience', { aud: [appId, 'another-app'] }, 'aud'],
    ['no jti', { jti: undefined }, 'jti'],
    ['an empty jti', { jti: '' }, 'jti'],
    ['a jti that is a number', { jti: 7 }, 'jti'],
    ['neither sub nor sid', { sub: undefined, sid: undefined }, 'sub'],
    ['an empty sub', { sub: '' }, 'sub'],
    ['a sub that is null', { sub: null }, 'sub'],
    ['an empty sid', { sid: '' }, 'sid'],
    ['a sid that is a number', { sid: 1 }, 'sid'],
    ['no exp', { exp: undefined }, 'exp'],
    ['exp at the border', { exp: now - 30, iat: now - 60 }, 'exp'],
    ['no iat', { iat: undefined }, 'iat'],
    ['iat in the future', { iat: now + 31 }, 'iat'],
    ['iat over 5 minutes ago', { iat: now - 331, exp: now + 60 }, 'iat'],
    ['nbf in the future', { nbf: now + 31 }, 'nbf'],
  ])('is refused with %s', async (_, changes, check) => {
    await expect(verify(sign(changes))).rejects.toMatchObject(refused(check))
  })

  it.each<[string, Claims]>([
    ['a list of this audience alone', { aud: [appId] }],
    ['more in the event', { events: { [logoutEvent]: { reason: 'x' }, other: {} } }],
    ['exp just after the border', { exp: now - 29, iat: now - 60 }],
    ['iat 5 minutes ago, and the tolerance', { iat: now - 330, exp: now + 60 }],
  ])('passes with %s', async (_, changes) => {
    await expect(verify(sign(changes))).resolves.toBeTruthy()
  })
})

describe('a logout token counts once [R31]', () => {
  it('when its holder remembers it: by jti, for as long as it is taken, after all else was checked', async () => {
    const times = new Map<string, number>()
    const seen = vi.fn((jti: string, exp: number) => {
      const had = times.has(jti)
      times.set(jti, exp)
      return had
    })
    await expect(verify(sign({ jti: 'forged' }, { secret: 'y'.repeat(40) }), { seen })).rejects.toThrow()
    await expect(verify(sign({ exp: 1 }), { seen })).rejects.toThrow()
    expect(seen).not.toHaveBeenCalled()
    await expect(verify(sign(), { seen })).resolves.toBeTruthy()
    await expect(verify(sign(), { seen })).rejects.toMatchObject(refused('jti'))
    await expect(verify(sign({ jti: 'another' }), { seen })).resolves.toBeTruthy()
    expect(seen.mock.calls[0]).toEqual(['a-logout', now + 120 + 30])
  })

  it('when that takes a promise', async () => {
    await expect(verify(sign(), { seen: async () => false })).resolves.toBeTruthy()
    await expect(verify(sign(), { seen: async () => true })).rejects.toMatchObject(refused('jti'))
  })

  it('and an answer that is no answer counts as seen', async () => {
    for (const answer of [undefined, null, 0, '', 'no'])
      await expect(verify(sign(), { seen: (() => answer) as never }), String(answer)).rejects.toMatchObject(
        refused('jti'),
      )
  })
})

describe('a logout token in a request', () => {
  const post = (body: BodyInit, type?: string) =>
    new Request('https://app.example.com/logout', {
      method: 'POST',
      body,
      headers: type ? { 'content-type': type } : {},
    })
  const form = 'application/x-www-form-urlencoded'

  it.each([form, `${form};charset=UTF-8`, 'Application/X-WWW-Form-URLEncoded'])('is posted as %s', async (type) => {
    await expect(verify(post(`logout_token=${sign()}`, type))).resolves.toMatchObject({ sub: subject })
  })

  it.each<[string, Request]>([
    ['another content type', post(JSON.stringify({ logout_token: sign() }), 'application/json')],
    ['a type that only begins like it', post(`logout_token=${sign()}`, `${form}x`)],
    ['no token in the form', post('a=b', form)],
    ['an empty form', post('', form)],
    ['an empty token', post('logout_token=', form)],
    ['a GET', new Request(`https://app.example.com/logout?logout_token=${sign()}`)],
    ['an endless form', post(`logout_token=${sign()}&a=${'x'.repeat(1 << 18)}`, form)],
  ])('is missing with %s', async (_, request) => {
    await expect(verify(request)).rejects.toMatchObject(refused('missing'))
  })
})

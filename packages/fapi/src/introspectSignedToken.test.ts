import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { describe, expect, it } from 'vitest'
import { answering, errorOf } from '../test/answering.js'
import { getSignedUserInfo } from './getSignedUserInfo.js'
import { introspectSignedToken } from './introspectSignedToken.js'

const secret = 'the-app-secret-of-32-characters-or-more'
const config = { appId: 'app', appHost: 'https://sample-app.genauth.ai', secret } as const
const now = 1_700_000_000
const pair = await generateKeyPair('RS256')
const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k' }] }
const claims = { iss: 'https://sample-app.genauth.ai/oidc', aud: 'app', iat: now }
const sign = async (payload: JWTPayload, header: object = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k', ...header }).sign(pair.privateKey)
const answer = (body: string, type: string) => {
  const { fetch, sent } = answering({ body, type }, { body: keys })
  return { options: { fetch, now: now * 1000 }, sent }
}

describe('introspectSignedToken (RFC 9701 section 5)', () => {
  const typ = 'token-introspection+jwt'
  const ask = async (payload: JWTPayload, header: object = { typ }) => {
    const { options } = answer(await sign(payload, header), `application/${typ}`)
    return introspectSignedToken(config, { token: 'the-token', algs: ['RS256'] }, options)
  }
  const whole = { ...claims, token_introspection: { active: true, sub: 'u' } }

  it('asks for a signed answer and gives what is in it', async () => {
    const { options, sent } = answer(await sign(whole, { typ }), `application/${typ}`)
    expect(await introspectSignedToken(config, { token: 'the-token', algs: ['RS256'] }, options)).toEqual({
      active: true,
      sub: 'u',
    })
    expect(sent[0]!.headers['accept']).toBe(`application/${typ}`)
    expect(await ask({ ...claims, token_introspection: { active: 'true', sub: 'u' } })).toEqual({ active: false })
  })

  it.each<[string, JWTPayload, object, object]>([
    ['another issuer', { ...whole, iss: 'https://evil.example' }, { typ }, { check: 'iss' }],
    ['another audience', { ...whole, aud: 'other' }, { typ }, { check: 'aud' }],
    ['no audience', { ...whole, aud: undefined }, { typ }, { check: 'aud' }],
    ['no time', { ...whole, iat: undefined }, { typ }, { check: 'iat' }],
    ['an answer that has expired', { ...whole, exp: now - 31 }, { typ }, { check: 'exp' }],
    ['another kind of token', whole, { typ: 'JWT' }, { check: 'typ' }],
    ['no typ', whole, {}, { check: 'typ' }],
    ['another key', whole, { typ, kid: 'other' }, { check: 'key' }],
    ['nothing about the token', claims, { typ }, { code: 'response_invalid', reason: 'shape' }],
  ])('refuses %s', async (_, payload, header, expected) => {
    expect(await errorOf(async () => ask(payload, header))).toMatchObject(expected)
  })
})

describe('getSignedUserInfo (OIDC Core section 5.3)', () => {
  const ask = async (body: string) => {
    const { options } = answer(body, 'application/jwt')
    return getSignedUserInfo(config, { accessToken: 'at', expectedSubject: 'u' }, options)
  }
  const hs = async (payload: JWTPayload, key = secret) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(key))

  it('takes the algorithm of the ID tokens where none is named: HS256 with the app secret', async () => {
    expect(await ask(await hs({ ...claims, sub: 'u', email: 'a@b.c' }))).toMatchObject({ sub: 'u', email: 'a@b.c' })
    expect(await errorOf(async () => ask(await hs({ ...claims, sub: 'u' }, `${secret}!`)))).toMatchObject({
      check: 'signature',
    })
    expect(await errorOf(async () => ask(await sign({ ...claims, sub: 'u' })))).toMatchObject({ check: 'alg' })
  })

  it.each<[string, JWTPayload, object]>([
    ['another user', { ...claims, sub: 'other' }, { reason: 'sub' }],
    ['no user', claims, { reason: 'sub' }],
    ['another audience', { ...claims, sub: 'u', aud: 'other' }, { check: 'aud' }],
    ['no issuer', { ...claims, sub: 'u', iss: undefined }, { check: 'iss' }],
    ['claims that have expired', { ...claims, sub: 'u', exp: now - 31 }, { check: 'exp' }],
  ])('refuses %s', async (_, payload, expected) => {
    expect(await errorOf(async () => ask(await hs(payload)))).toMatchObject(expected)
  })

  it('takes neither an access token nor a logout token for user info', async () => {
    for (const typ of ['at+jwt', 'logout+jwt'])
      expect(
        await errorOf(async () => {
          const { options } = answer(await sign({ ...claims, sub: 'u' }, { typ }), 'application/jwt')
          return getSignedUserInfo(config, { accessToken: 'at', expectedSubject: 'u', algs: ['RS256'] }, options)
        }),
      ).toMatchObject({ check: 'typ' })
  })
})

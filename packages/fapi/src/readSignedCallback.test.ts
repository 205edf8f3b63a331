import { base64url, generateKeyPair, exportJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { describe, expect, it } from 'vitest'
import { answering, errorOf } from '../test/answering.js'
import { readSignedCallback } from './readSignedCallback.js'

const config = {
  appId: 'app',
  issuer: 'https://id.example.com',
  endpoints: { jwks: 'https://id.example.com/jwks' },
} as const
const { privateKey, publicKey } = await generateKeyPair('PS256')
const other = await generateKeyPair('PS256')
const now = 1_700_000_000
const claims = { iss: config.issuer, aud: 'app', exp: now + 60, code: 'the-code', state: 'the-state' }
const state = 'the-state'

const sign = async (
  payload: JWTPayload,
  { alg = 'PS256', key = privateKey, typ }: { alg?: string; key?: CryptoKey; typ?: string } = {},
) => new SignJWT(payload).setProtectedHeader({ alg, kid: 'k', ...(typ && { typ }) }).sign(key)
const options = async () => ({
  ...answering({ body: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'PS256', use: 'sig' }] } }),
  now: now * 1000,
})
const read = async (response: string, more: object = {}) =>
  readSignedCallback(
    config,
    `https://app.example.com/callback?response=${response}`,
    { state, algs: ['PS256'], ...more },
    await options(),
  )
const without = (name: keyof typeof claims) => ({ ...claims, [name]: undefined })

describe('readSignedCallback (JARM section 2.4)', () => {
  it('gives what the provider signed', async () => {
    expect(await read(await sign({ ...claims, session_state: 's' }))).toEqual({
      iss: config.issuer,
      state,
      code: 'the-code',
      session_state: 's',
    })
  })

  it.each<[string, JWTPayload, object]>([
    ['another issuer', { ...claims, iss: 'https://id.example.com/' }, { check: 'iss' }],
    ['no issuer', without('iss'), { check: 'iss' }],
    ['another audience', { ...claims, aud: 'other' }, { check: 'aud' }],
    ['no audience', without('aud'), { check: 'aud' }],
    ['an answer of the past', { ...claims, exp: now - 31 }, { check: 'exp' }],
    ['no expiry', without('exp'), { check: 'exp' }],
    ['an answer of the future', { ...claims, nbf: now + 31 }, { check: 'nbf' }],
    ['another state', { ...claims, state: 'other' }, { code: 'callback_invalid', reason: 'state' }],
    ['no state', without('state'), { code: 'callback_invalid', reason: 'state' }],
    ['no code', without('code'), { code: 'callback_invalid', reason: 'missing' }],
    [
      'a token that was not asked for',
      { ...claims, access_token: 'at' },
      { code: 'callback_invalid', reason: 'unexpected' },
    ],
    [
      'an error',
      { iss: config.issuer, aud: 'app', exp: now + 60, state, error: 'access_denied' },
      { code: 'authorization_error', error: 'access_denied' },
    ],
  ])('refuses %s', async (_, payload, expected) => {
    expect(await errorOf(async () => read(await sign(payload)))).toMatchObject(expected)
  })

  it('refuses another key, another algorithm, none at all, and another kind of token', async () => {
    const es = await generateKeyPair('ES256')
    expect(await errorOf(async () => read(await sign(claims, { key: other.privateKey })))).toMatchObject({
      check: 'signature',
    })
    expect(await errorOf(async () => read(await sign(claims, { alg: 'ES256', key: es.privateKey })))).toMatchObject({
      check: 'alg',
    })
    expect(await errorOf(async () => read(new UnsecuredJWT(claims).encode()))).toMatchObject({ code: 'token_invalid' })
    expect(await errorOf(async () => read(await sign(claims, { typ: 'logout+jwt' })))).toMatchObject({ check: 'typ' })
  })

  // Anybody can send such a thing: nothing of it is signed.
  it('refuses a type that is no text, however deep it is nested', async () => {
    for (const typ of ['['.repeat(5000) + ']'.repeat(5000), '{"toString":1}', '["at+jwt"]', 'null', '5']) {
      const [head, body] = [`{"alg":"PS256","typ":${typ}}`, JSON.stringify(claims)].map((part) =>
        base64url.encode(part),
      )
      const forged = `${head}.${body}.${base64url.encode('x'.repeat(64))}`
      expect(await errorOf(async () => read(forged))).toMatchObject({ code: 'token_invalid', check: 'typ' })
    }
  })

  it('takes its type in any case, and with the prefix of media types', async () => {
    expect(await read(await sign(claims, { typ: 'JWT' }))).toMatchObject({ code: 'the-code' })
    for (const typ of ['AT+JWT', 'application/Logout+JWT', 'token-introspection+jwt', 'dpop+jwt'])
      expect(await errorOf(async () => read(await sign(claims, { typ })))).toMatchObject({ check: 'typ' })
  })

  it('reads it only where its mode puts it, and once', async () => {
    const response = await sign(claims)
    const at = async (callback: string, responseMode?: 'jwt' | 'query.jwt' | 'fragment.jwt' | 'query') =>
      readSignedCallback(config, callback, { state, algs: ['PS256'], responseMode }, await options())
    expect(await at(`#response=${response}`, 'fragment.jwt')).toMatchObject({ code: 'the-code' })
    expect(await errorOf(async () => at(`#response=${response}`))).toMatchObject({ code: 'callback_invalid' })
    expect(await errorOf(async () => at(`?response=${response}`, 'fragment.jwt'))).toMatchObject({
      code: 'callback_invalid',
    })
    expect(await errorOf(async () => at(`?response=${response}&response=${response}`))).toMatchObject({
      reason: 'duplicate',
    })
    expect(await errorOf(async () => at('?code=the-code&state=the-state'))).toMatchObject({ reason: 'missing' })
    expect(await errorOf(async () => at(`?response=${response}`, 'query'))).toMatchObject({ code: 'argument_invalid' })
  })

  it('takes its algorithms from the config where none are named, never from the answer', async () => {
    const response = await sign(claims)
    const rs = async () => readSignedCallback(config, `?response=${response}`, { state }, await options())
    expect(await errorOf(rs)).toMatchObject({ check: 'alg' })
    const ps = { ...config, idTokenSigningAlgs: ['PS256'] } as const
    expect(await readSignedCallback(ps, `?response=${response}`, { state }, await options())).toMatchObject({ state })
  })
})

import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { get, post, signInForTokens } from '../../test/walk.js'
import { startEmulator } from '../startEmulator.js'
import type { Emulator, EmulatorFeatures } from '../types.js'

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const ISSUER = 'https://sts.example.com'
const keysFor = async (alg: string) => {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const jwk = await exportJWK(publicKey)
  return { privateKey, jwk: { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) } }
}
type Keys = Awaited<ReturnType<typeof keysFor>>

let emulator: Emulator
let own: Keys
let theirs: Keys
beforeAll(async () => {
  ;[own, theirs] = [await keysFor('ES256'), await keysFor('EdDSA')]
  emulator = await startEmulator({
    features: {
      jwtBearer: { issuers: { [ISSUER]: { keys: [theirs.jwk] } } },
      resources: { 'https://api.example.com/': 'read write', 'https://b.example.com/': 'read' },
    },
    scopes: { orders: ['order_ids'] },
    apps: [{ metadata: { jwks: { keys: [own.jwk] } } }, {}],
  })
})
afterAll(() => emulator.stop())

const now = () => Math.floor(Date.now() / 1000)
let count = 0
const claimsOf = (changes: JWTPayload = {}): JWTPayload => ({
  iss: emulator.apps[0].appId,
  sub: 'carol',
  aud: emulator.issuer,
  exp: now() + 60,
  jti: `jti-${count++}`,
  ...changes,
})
const sign = ({ privateKey, jwk }: Keys, changes: JWTPayload = {}) =>
  new SignJWT(claimsOf(changes)).setProtectedHeader({ alg: jwk.alg, kid: jwk.kid }).sign(privateKey)
const ask = (assertion: string | undefined, params: Record<string, string | undefined> = {}, app = emulator.apps[0]) =>
  post(emulator, '/oidc/token', { grant_type: GRANT, assertion, ...params }, app)

describe('an assertion of the application itself', () => {
  it('gives an access token of GenAuth’s shape for the person that it names', async () => {
    const { status, json } = await ask(await sign(own), { scope: 'openid orders unknown offline_access' })
    expect(status).toBe(200)
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid orders',
    })
    const { aud, iss, sub } = decodeJwt(json.access_token)
    expect({ aud, iss }).toEqual({ aud: emulator.apps[0].appId, iss: emulator.issuer })
    const { tokens } = await signInForTokens(emulator, {}, emulator.apps[0], { user: 'carol' })
    expect(decodeJwt(tokens.id_token).sub).toBe(sub)
    const me = await get(emulator, '/oidc/me', { authorization: `Bearer ${json.access_token}` })
    expect(me.json.sub).toBe(sub)
    // The id of somebody who is known stands for them.
    const again = await ask(await sign(own, { sub: String(sub) }))
    expect(decodeJwt(again.json.access_token).sub).toBe(sub)
    expect(again.json.scope).toBe('openid')
  })

  it('may be for the token endpoint, or for several parties (RFC 7523 section 3)', async () => {
    const aud = `${emulator.issuer}/token`
    expect((await ask(await sign(own, { aud }))).status).toBe(200)
    expect((await ask(await sign(own, { aud: ['https://elsewhere.example', emulator.issuer] }))).status).toBe(200)
  })

  it.each<[string, JWTPayload, RegExp]>([
    ['no issuer', { iss: undefined }, /iss/],
    ['an issuer without keys', { iss: 'https://unknown.example' }, /nobody registered keys for its iss/],
    ['no audience', { aud: undefined }, /aud/],
    ['another audience', { aud: 'https://elsewhere.example' }, /aud/],
    ['no subject', { sub: undefined }, /no sub/],
    ['an empty subject', { sub: '' }, /no sub/],
    ['no expiry', { exp: undefined }, /no exp/],
    ['an expiry in the past', { exp: 1 }, /expired/],
    ['a beginning in the future', { nbf: 99_999_999_999 }, /not active yet/],
    ['no jti', { jti: undefined }, /no jti/],
  ])('is refused with %s, and says so', async (_, changes, reason) => {
    const { status, json } = await ask(await sign(own, changes))
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    expect(json.error_description).toMatch(reason)
  })

  it('is refused the second time', async () => {
    const assertion = await sign(own)
    expect((await ask(assertion)).status).toBe(200)
    expect((await ask(assertion)).json).toMatchObject({
      error: 'invalid_grant',
      error_description: 'the assertion is refused: its jti was used before',
    })
    // And so it is when it has expired.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 70_000 })
    const late = await ask(assertion)
    vi.useRealTimers()
    expect(late.json.error).toBe('invalid_grant')
  })

  it('is refused when another key signed it, or none, or another application shows it', async () => {
    const stranger = await keysFor('ES256')
    const unsigned = (await sign(own)).split('.').slice(0, 2).join('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    for (const assertion of [
      await sign(stranger),
      await sign({ privateKey: stranger.privateKey, jwk: { ...stranger.jwk, kid: own.jwk.kid } }),
      await sign({ privateKey: theirs.privateKey, jwk: theirs.jwk }),
      `${unsigned}.`,
      `${none}.${unsigned.split('.')[1]}.AA`,
      'nonsense',
    ]) {
      expect((await ask(assertion)).json.error).toBe('invalid_grant')
    }
    expect((await ask(await sign(own), {}, emulator.apps[1])).json.error).toBe('invalid_grant')
    expect((await ask(undefined)).json.error).toBe('invalid_request')
    expect((await ask(await sign(own), { client_secret: 'wrong' })).json.error).toBe('invalid_client')
  })
})

describe('an assertion of a trusted issuer', () => {
  it('is taken from every application, by the issuer’s keys only', async () => {
    expect((await ask(await sign(theirs, { iss: ISSUER }))).status).toBe(200)
    expect((await ask(await sign(theirs, { iss: ISSUER }), {}, emulator.apps[1])).status).toBe(200)
    expect((await ask(await sign(own, { iss: ISSUER }))).json.error).toBe('invalid_grant')
  })
})

describe('a token for an assertion', () => {
  it('can be for a resource (RFC 8707)', async () => {
    const resource = 'https://api.example.com/'
    const { json } = await ask(await sign(own), { resource, scope: 'read openid' })
    expect(decodeJwt(json.access_token)).toMatchObject({ aud: resource, scope: 'read' })
    const whole = await ask(await sign(own), { resource })
    expect(whole.json.scope).toBe('read write')
    expect((await ask(await sign(own), { resource: 'https://unknown.example/' })).json.error).toBe('invalid_target')
    const { appId, secret = '' } = emulator.apps[0]
    const form = new URLSearchParams({ grant_type: GRANT, assertion: await sign(own), client_id: appId })
    form.append('client_secret', secret)
    for (const one of [resource, 'https://b.example.com/']) form.append('resource', one)
    const both = await fetch(`${emulator.issuer}/token`, { method: 'POST', body: form })
    expect((await both.json()).error).toBe('invalid_target')
  })

  it('is given where that is turned on, and listed there', async () => {
    const listed = async (features: EmulatorFeatures) => {
      const one = await startEmulator({ features })
      const { json } = await get(one, '/oidc/.well-known/openid-configuration')
      await one.stop()
      return json.grant_types_supported.includes(GRANT)
    }
    expect([await listed({ jwtBearer: true }), await listed({})]).toEqual([true, false])
  })
})

import { decodeJwt, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { get, OFFLINE, post, signInForTokens, type Tokens } from '../../test/walk.js'
import { startEmulator } from '../startEmulator.js'
import type { Emulator } from '../types.js'

let emulator: Emulator
let tokens: Tokens
beforeAll(async () => {
  emulator = await startEmulator({ apps: [{}, { idTokenAlg: 'RS256' }] })
  ;({ tokens } = await signInForTokens(emulator, OFFLINE))
})
afterAll(() => emulator.stop())

const validate = async (query: Record<string, string>, at = emulator) => {
  const { status, json } = await get(at, `/api/v2/oidc/validate_token?${new URLSearchParams(query).toString()}`)
  return { status, json }
}
const no = (message: string) => ({ status: 200, json: { code: 400, message } })

describe('validate_token', () => {
  it('answers with the claims of a valid ID token, by HS256 and by RS256', async () => {
    expect(await validate({ id_token: tokens.id_token })).toEqual({ status: 200, json: decodeJwt(tokens.id_token) })
    const rs256 = await signInForTokens(emulator, {}, emulator.apps[1])
    expect((await validate({ id_token: rs256.tokens.id_token })).json).toEqual(decodeJwt(rs256.tokens.id_token))
  })

  it('answers with the claims of a valid access token', async () => {
    const { json } = await validate({ access_token: tokens.access_token })
    expect(Object.keys(json)).toEqual(['jti', 'sub', 'iat', 'exp', 'scope', 'iss', 'aud'])
    expect(json).toEqual(decodeJwt(tokens.access_token))
  })

  it('answers at the address of the documentation, too', async () => {
    const { json } = await get(emulator, `/api/oidc/validate_token?id_token=${tokens.id_token}`)
    expect(json).toEqual(decodeJwt(tokens.id_token))
  })

  it.each(['id_token', 'access_token'] as const)(
    'says in the words of GenAuth what is wrong with an %s',
    async (kind) => {
      for (const token of ['', 'unknown', 'a.b.c', 'a.b.c.d', 'bnVsbA.bnVsbA.AA', `${tokens[kind]}=`]) {
        expect(await validate({ [kind]: token })).toEqual(no(`${kind} format is incorrect`))
      }
      const [head = '', body = '', signature = ''] = tokens[kind].split('.')
      const last = signature.slice(0, -6) + (signature.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA')
      expect(await validate({ [kind]: `${head}.${body}.${last}` })).toEqual(no(`${kind} is invalid`))
    },
  )

  it('does not take one kind of token for the other', async () => {
    expect(await validate({ id_token: tokens.access_token })).toEqual(no('id_token is invalid'))
    expect(await validate({ access_token: tokens.id_token })).toEqual(no('access_token is invalid'))
  })

  it('takes no logout token for an ID token, though the same secret signs both', async () => {
    const secret = new TextEncoder().encode(emulator.apps[0].secret)
    const make = (typ: string) =>
      new SignJWT(decodeJwt(tokens.id_token)).setProtectedHeader({ alg: 'HS256', typ }).sign(secret)
    expect((await validate({ id_token: await make('JWT') })).json).toEqual(decodeJwt(tokens.id_token))
    expect(await validate({ id_token: await make('logout+jwt') })).toEqual(no('id_token is invalid'))
  })

  it('knows the ID tokens of every algorithm that an application can have here', async () => {
    const apps = [{ metadata: { id_token_signed_response_alg: 'ES256' } }]
    const other = await startEmulator({ features: { signingAlgs: ['ES256'] }, apps })
    const { id_token: idToken } = (await signInForTokens(other)).tokens
    expect((await validate({ id_token: idToken }, other)).json).toEqual(decodeJwt(idToken))
    await other.stop()
  })

  it('refuses what is forged, expired, foreign, or of another algorithm', async () => {
    const secret = new TextEncoder().encode(emulator.apps[0].secret)
    const claims = decodeJwt(tokens.id_token)
    const make = (payload: object, alg = 'HS256', key: Parameters<SignJWT['sign']>[0] = secret) =>
      new SignJWT({ ...claims, ...payload }).setProtectedHeader({ alg }).sign(key)
    const { privateKey } = await generateKeyPair('RS256')
    expect((await validate({ id_token: await make({}) })).json).toEqual(claims)
    for (const token of [
      await make({ exp: 1 }),
      await make({ exp: undefined }),
      await make({ iss: 'https://elsewhere' }),
      await make({ aud: 'unknown' }),
      await make({ aud: emulator.apps[1]?.appId }),
      await make({ scope: 'openid' }),
      await make({}, 'HS512', new Uint8Array(64)),
      await make({}, 'HS256', new Uint8Array(32)),
      await make({}, 'RS256', privateKey),
    ]) {
      expect(await validate({ id_token: token })).toEqual(no('id_token is invalid'))
    }
  })

  it('refuses an access token that was revoked, though its signature is right', async () => {
    const { tokens: dying } = await signInForTokens(emulator)
    await post(emulator, '/oidc/token/revocation', { token: dying.access_token })
    expect(await validate({ access_token: dying.access_token })).toEqual(no('access_token is invalid'))
  })

  it('looks at the ID token when it is given both, and wants one', async () => {
    expect((await validate({ id_token: tokens.id_token, access_token: 'x' })).json).toEqual(decodeJwt(tokens.id_token))
    expect(await validate({})).toEqual(no('id_token format is incorrect'))
  })

  it('says no with the status that it was told', async () => {
    const strict = await startEmulator({ validateStatus: 400 })
    expect(await validate({ id_token: 'unknown' }, strict)).toEqual({
      status: 400,
      json: { code: 400, message: 'id_token format is incorrect' },
    })
    await strict.stop()
  })
})

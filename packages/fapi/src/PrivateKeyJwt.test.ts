import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { generateKeyPair } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { answering, errorOf, formOf } from '../test/answering.js'
import { ClientSecretJwt } from './ClientSecretJwt.js'
import { PrivateKeyJwt } from './PrivateKeyJwt.js'
import { TlsClientAuth } from './TlsClientAuth.js'

const base = { appId: 'app', appHost: 'https://sample-app.genauth.ai' } as const
const secret = 'the-app-secret-of-32-characters-or-more'
const keys = await generateKeyPair('ES256')
const key = { key: keys.privateKey, kid: 'k1' }

/** The assertion that a method sends to the introspection endpoint. */
async function asserted(introspectionEndpointAuthMethod: ReturnType<typeof TlsClientAuth>) {
  const { fetch, sent } = answering({ body: { active: false } })
  await introspectToken({ ...base, introspectionEndpointAuthMethod }, 'a-token', { fetch })
  return formOf(sent[0])
}

describe.each([
  ['private_key_jwt', (options?: object) => PrivateKeyJwt(key, options), { alg: 'ES256', kid: 'k1' }],
  ['client_secret_jwt', (options?: object) => ClientSecretJwt(secret, options), { alg: 'HS256' }],
] as const)('%s (RFC 7523 section 3)', (_, method, header) => {
  it('says who, for whom and for how long: the issuer, 60 seconds at most', async () => {
    const form = await asserted(method())
    const claims = decodeJwt(form.client_assertion!)
    expect(decodeProtectedHeader(form.client_assertion!)).toEqual(header)
    expect(form.client_assertion_type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    expect(claims).toMatchObject({ iss: 'app', sub: 'app', aud: 'https://sample-app.genauth.ai/oidc' })
    expect(claims.exp! - claims.iat!).toBe(60)
    expect(Math.abs(claims.iat! - Date.now() / 1000)).toBeLessThan(3)
    expect(form).not.toHaveProperty('client_secret')
  })

  it('never says the same twice', async () => {
    const same = method()
    const ids = await Promise.all(
      [same, same, same].map(async (one) => decodeJwt((await asserted(one)).client_assertion!).jti),
    )
    expect(new Set(ids).size).toBe(3)
  })

  it('is for the endpoint, or for a name, by option', async () => {
    const audience = async (options: object) => decodeJwt((await asserted(method(options))).client_assertion!).aud
    expect(await audience({ audience: 'endpoint' })).toBe('https://sample-app.genauth.ai/oidc/token/introspection')
    for (const name of ['https://other.example.com', 'constructor'])
      expect(await audience({ audience: name })).toBe(name)
  })

  it('follows the given clock and lifetime, and refuses a longer one', async () => {
    const claims = decodeJwt((await asserted(method({ now: 1_700_000_000_000, expiresIn: 10 }))).client_assertion!)
    expect(claims).toMatchObject({ iat: 1_700_000_000, nbf: 1_700_000_000, exp: 1_700_000_010 })
    for (const expiresIn of [61, 0, NaN])
      expect(await errorOf(() => method({ expiresIn }))).toMatchObject({
        code: 'argument_invalid',
        argument: 'expiresIn',
      })
  })
})

describe('a key or secret that is none', () => {
  it('is refused where the method is made', async () => {
    for (const wrong of [keys.publicKey, 'a PEM text', undefined, { kid: 'k1' }])
      expect(await errorOf(() => PrivateKeyJwt(wrong as never))).toMatchObject({ argument: 'key' })
    expect(await errorOf(() => ClientSecretJwt('too short'))).toMatchObject({ argument: 'secret' })
  })

  it('is refused where it is read, when a function gives it, and is not shown', async () => {
    const error = await errorOf(async () => asserted(ClientSecretJwt(() => 'a-short-secret')))
    expect(error).toMatchObject({ code: 'argument_invalid' })
    expect(JSON.stringify(error) + String(error['message'])).not.toContain('a-short-secret')
    expect((await asserted(ClientSecretJwt(async () => secret))).client_assertion).toMatch(/./)
  })
})

describe('tls_client_auth (RFC 8705 section 2)', () => {
  it('sends the client_id and leaves the rest to the connection', async () => {
    expect(await asserted(TlsClientAuth())).toEqual({ token: 'a-token', client_id: 'app' })
  })
})

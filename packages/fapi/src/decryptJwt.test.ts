import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { CompactEncrypt, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { answering, errorOf } from '../test/answering.js'
import { createDecryptingFetch } from './createDecryptingFetch.js'
import { decryptJwt } from './decryptJwt.js'

const secret = 'the-app-secret-of-32-characters-or-more'
const inner = 'a.signed.token'
const encrypt = async (key: CryptoKey | Uint8Array, alg: string, enc = 'A256GCM') =>
  new CompactEncrypt(new TextEncoder().encode(inner)).setProtectedHeader({ alg, enc }).encrypt(key)
const digest = async (hash: string, bytes: number) =>
  new Uint8Array(await crypto.subtle.digest(hash, new TextEncoder().encode(secret))).slice(0, bytes)

describe('decryptJwt', () => {
  it.each(['RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A256KW'])('opens %s with the private key', async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg)
    expect(await decryptJwt(await encrypt(publicKey, alg), { key: privateKey })).toBe(inner)
  })

  it.each([
    ['A128KW', 'A256GCM', 'SHA-256', 16],
    ['A256GCMKW', 'A256GCM', 'SHA-256', 32],
    ['dir', 'A128GCM', 'SHA-256', 16],
    ['dir', 'A128CBC-HS256', 'SHA-256', 32],
    ['dir', 'A192CBC-HS384', 'SHA-384', 48],
    ['dir', 'A256CBC-HS512', 'SHA-512', 64],
  ])('makes the key for %s and %s of the secret’s digest (OIDC Core 10.2)', async (alg, enc, hash, bytes) => {
    const token = await encrypt(await digest(hash, bytes), alg, enc)
    expect(await decryptJwt(token, { key: secret })).toBe(inner)
    expect(await errorOf(async () => decryptJwt(token, { key: `${secret}!` }))).toMatchObject({ check: 'key' })
  })

  it('takes no algorithm that is not on the list, and no kind of key for another', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RSA-OAEP-256')
    const token = await encrypt(publicKey, 'RSA-OAEP-256')
    expect(await errorOf(async () => decryptJwt(token, { key: privateKey, algs: ['ECDH-ES'] }))).toMatchObject({
      check: 'alg',
    })
    expect(await errorOf(async () => decryptJwt(token, { key: privateKey, encs: ['A128GCM'] }))).toMatchObject({
      check: 'alg',
    })
    expect(await errorOf(async () => decryptJwt(token, { key: secret }))).toMatchObject({ check: 'alg' })
  })

  it.each([
    ['a signed token', 'a.b.c', 'format'],
    ['no token', '', 'format'],
    ['garbage in five parts', 'a.b.c.d.e', 'key'],
  ])('refuses %s', async (_, token, check) => {
    expect(await errorOf(async () => decryptJwt(token, { key: secret }))).toMatchObject({
      code: 'token_invalid',
      check,
    })
  })
})

describe('createDecryptingFetch', () => {
  const init = { method: 'POST', headers: {}, redirect: 'manual', signal: new AbortController().signal } as const
  const opened = async (body: unknown, more: object = {}, settings: object = {}) => {
    const { fetch } = answering({ body, ...more })
    const answer = await createDecryptingFetch({
      ...settings,
      fetch,
      decrypt: (token) => (token.startsWith('bad') ? Promise.reject(new Error('x')) : inner),
    })('https://id.example.com/token', init)
    return answer.text()
  }

  it('opens an encrypted ID token and touches nothing else', async () => {
    expect(JSON.parse(await opened({ access_token: 'a.b.c.d.e', id_token: 'a.b.c.d.e' }))).toEqual({
      access_token: 'a.b.c.d.e',
      id_token: inner,
    })
    for (const body of [{ id_token: 'bad.b.c.d.e' }, { id_token: 1 }, {}, [], null, 'no json'])
      expect(await opened(body)).toBe(typeof body === 'string' ? body : JSON.stringify(body))
    expect(await opened({ id_token: 'a.b.c.d.e' }, { status: 400 })).toBe('{"id_token":"a.b.c.d.e"}')
    expect(await opened({ id_token: 'a.b.c.d.e' }, { type: 'text/html' })).toBe('{"id_token":"a.b.c.d.e"}')
  })

  // Else whoever stands between could take the encryption away (OIDC Core section 3.1.3.7 item 1).
  it('has an answer refused whose ID token is not encrypted, unless that is allowed', async () => {
    for (const id_token of ['a.b.c', 'a.b.c.d', 'a.b.c.d.e.f', '.b.c.d.e', 'nonsense', '']) {
      expect(JSON.parse(await opened({ access_token: 'at', id_token }))).toEqual({ access_token: 'at', id_token: '' })
      const plain = JSON.stringify({ id_token })
      expect(await opened({ id_token }, {}, { allowPlain: true })).toBe(plain)
      expect(await opened({ id_token }, { type: 'application/jwk-set+json' })).toBe('{"id_token":""}')
    }
    const deep = `{"id_token":"a.b.c","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    expect(await opened(deep)).not.toContain('a.b.c')
    const { fetch } = answering({ body: { access_token: 'at', token_type: 'Bearer', id_token: 'a.b.c' } })
    const own = {
      appId: 'app',
      appHost: 'https://sample-app.genauth.ai',
      secret,
      redirectUri: 'https://app.example.com/callback',
      fetch: createDecryptingFetch({ fetch, decrypt: () => inner }),
    } as const
    for (const protocol of ['oidc', 'oauth'] as const)
      expect(await errorOf(() => getAccessTokenByCode({ ...own, protocol }, { code: 'c' }))).toMatchObject({
        code: 'response_invalid',
        reason: 'shape',
        message: expect.stringMatching(/id_token/),
      })
    expect(await errorOf(() => createDecryptingFetch({} as never))).toMatchObject({ argument: 'decrypt' })
  })

  it('lets no answer grow over the limit unseen', async () => {
    expect((await opened(' '.repeat((1 << 20) + 7))).length).toBeGreaterThan(1 << 20)
  })
})

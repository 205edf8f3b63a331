import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failure, leaks } from '../../../tests/support/failure.js'
import { fakeFetch } from '../../../tests/support/tokens.js'
import { ask } from './ask.js'
import { authenticate } from './authenticate.js'
import { readSecret } from './readSecret.js'
import type { ClientAuth, TokenConfig } from './types.js'

const url = new URL('https://id.example.com/token')
const secret = 'a-secret-of-an-application-that-is-long-enough'
const config = (fields: object = {}) =>
  ({ appId: 'app', issuer: 'https://id.example.com', secret, ...fields }) as unknown as TokenConfig
/** What a request carries for the client: its form and its headers. */
const carried = async (fields: object, at: 'token' | 'introspection' | 'revocation' = 'token') => {
  const form = new URLSearchParams({ token: 't' })
  const { headers = {} } = await authenticate(config(fields), at, url, form)
  form.delete('token')
  return { form: Object.fromEntries(form), headers }
}
const path = async (run: () => unknown) => (await failure(run, 'config_invalid')).issues[0]?.path

describe('client authentication', () => {
  it.each(['token', 'introspection', 'revocation'] as const)(
    'at %s is one method per request, never two [R8]',
    async (at) => {
      const field = `${at}EndpointAuthMethod`
      expect(await carried({}, at)).toEqual({ form: { client_id: 'app', client_secret: secret }, headers: {} })
      expect(await carried({ [field]: 'client_secret_post' }, at)).toEqual({
        form: { client_id: 'app', client_secret: secret },
        headers: {},
      })
      expect(await carried({ [field]: 'client_secret_basic' }, at)).toEqual({
        form: {},
        headers: { authorization: `Basic ${btoa(`app:${secret}`)}` },
      })
      expect(await carried({ [field]: 'none' }, at)).toEqual({ form: { client_id: 'app' }, headers: {} })
    },
  )

  it('of a public client is its client_id in the body, and no secret [I87]', async () => {
    const form = new URLSearchParams()
    await authenticate({ appId: 'app', issuer: 'https://id.example.com' }, 'token', url, form)
    expect(Object.fromEntries(form)).toEqual({ client_id: 'app' })
  })

  it.each(['', null, 0])('with a secret that is %j is no public client: it is refused', async (secret) => {
    expect(await path(() => carried({ secret }))).toBe('secret')
    expect(await carried({ secret, tokenEndpointAuthMethod: 'none' })).toHaveProperty('form', { client_id: 'app' })
  })

  it('asks a function for the secret, each time it is needed', async () => {
    let asked = 0
    const fields = { secret: () => Promise.resolve(`secret-${(asked += 1)}`) }
    expect((await carried(fields)).form).toHaveProperty('client_secret', 'secret-1')
    expect((await carried(fields)).form).toHaveProperty('client_secret', 'secret-2')
    await carried({ ...fields, tokenEndpointAuthMethod: 'none' })
    expect(asked).toBe(2)
  })

  it('has no secret where the config has none', async () => {
    expect(await readSecret({ appId: 'app', issuer: 'https://id.example.com' })).toBeUndefined()
    for (const secret of ['', 5, null]) expect(await path(() => readSecret(config({ secret })))).toBe('secret')
  })

  it.each([undefined, null, '', 5, {}, ['secret'], Symbol('secret')])(
    'names the secret when its function gives %o',
    async (value) => {
      expect(await path(() => carried({ secret: () => value }))).toBe('secret')
      expect(await path(() => carried({ secret: () => Promise.resolve(value) }))).toBe('secret')
    },
  )

  it('shows nothing of what a secret store says when it fails [O123]', async () => {
    const secret = () => Promise.reject(new Error('marked-token-of-the-vault'))
    const error = await failure(() => carried({ secret }), 'config_invalid')
    expect(error.issues[0]?.path).toBe('secret')
    expect(leaks(error, ['marked-token-of-the-vault'])).toEqual([])
  })
})

describe('client_secret_basic', () => {
  /** What a strict server reads: base64, split at the first colon, each half form-decoded. */
  const decode = (authorization: string) => {
    const [id = '', ...rest] = atob(authorization.replace(/^Basic /, '')).split(':')
    return [id, rest.join(':')].map((half) => new URLSearchParams(`v=${half}`).get('v'))
  }
  const basic = async (appId: string, own: string) =>
    (await carried({ appId, secret: own, tokenEndpointAuthMethod: 'client_secret_basic' })).headers['authorization'] ??
    ''

  it('can be decoded by what RFC 6749 says, for all of Unicode [R8] [I84]', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.string({ unit: 'binary', minLength: 1 }),
        async (appId, own) => {
          const { headers } = await carried({ appId, secret: own, tokenEndpointAuthMethod: 'client_secret_basic' })
          expect(decode(headers['authorization'] ?? '')).toEqual(
            [appId, own].map((text) => Buffer.from(text).toString()),
          )
        },
      ),
      { numRuns: 300 },
    ))

  it('is the form encoding of the URL standard, which leaves - _ . * as they are [R8]', async () => {
    for (const [plain, encoded] of [
      ['a-b_c.d*e', 'a-b_c.d*e'],
      ['a b', 'a+b'],
      ['a+b', 'a%2Bb'],
      ['a:b', 'a%3Ab'],
      ['a=b&c', 'a%3Db%26c'],
      ['100%', '100%25'],
      ['~', '%7E'],
      ['ä', '%C3%A4'],
      ['密', '%E5%AF%86'],
      ['a\nb', 'a%0Ab'],
    ] as const)
      expect(atob((await basic(plain, plain)).slice(6))).toBe(`${encoded}:${encoded}`)
  })

  it('never holds what would break a header', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (own) => {
        expect(await basic('app', own)).toMatch(/^Basic [A-Za-z0-9+/]+=*$/)
      }),
    ))
})

describe("oauth4webapi's functions plug in as they are", () => {
  const send = async (method: ClientAuth, fields: object = {}) => {
    const { fetch, calls } = fakeFetch(() => ({ a: 1 }))
    const plugged = config({ secret: undefined, tokenEndpointAuthMethod: method, ...fields })
    await ask(
      plugged,
      'token',
      url,
      async () => {
        const form = new URLSearchParams({ grant_type: 'x' })
        return { form, ...(await authenticate(plugged, 'token', url, form)) }
      },
      { fetch },
      (body) => body,
    )
    return { form: Object.fromEntries(calls[0]?.form ?? []), headers: calls[0]?.headers ?? {} }
  }

  it('PrivateKeyJwt: an assertion of this client for this issuer, fresh each time [I86]', async () => {
    const { privateKey } = await oauth.generateKeyPair('ES256')
    const method = oauth.PrivateKeyJwt(privateKey)
    const [first, second] = [await send(method), await send(method)]
    for (const { form, headers } of [first, second]) {
      expect(form).toMatchObject({
        grant_type: 'x',
        client_id: 'app',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      })
      expect(decodeJwt(form['client_assertion'] ?? '')).toMatchObject({
        iss: 'app',
        sub: 'app',
        aud: 'https://id.example.com',
      })
      expect(form).not.toHaveProperty('client_secret')
      expect(headers).not.toHaveProperty('authorization')
    }
    const jti = ({ form }: typeof first) => decodeJwt(form['client_assertion'] ?? '').jti
    expect(jti(first)).not.toBe(jti(second))
  })

  it('ClientSecretJwt, ClientSecretPost, ClientSecretBasic, None and TlsClientAuth', async () => {
    const { form } = await send(oauth.ClientSecretJwt(secret))
    expect(decodeJwt(form['client_assertion'] ?? '')).toMatchObject({ iss: 'app', aud: 'https://id.example.com' })
    expect((await send(oauth.ClientSecretPost(secret))).form).toEqual({
      grant_type: 'x',
      client_id: 'app',
      client_secret: secret,
    })
    const basic = await send(oauth.ClientSecretBasic(secret))
    expect(basic.form).toEqual({ grant_type: 'x' })
    expect(basic.headers['authorization']).toMatch(/^Basic /)
    expect((await send(oauth.None())).form).toEqual({ grant_type: 'x', client_id: 'app' })
    expect((await send(oauth.TlsClientAuth())).form).toEqual({ grant_type: 'x', client_id: 'app' })
  })

  it('with no key that works end in a typed error without the key', async () => {
    const throws = (error: unknown) => () => {
      throw error
    }
    for (const method of [
      throws(new Error('marked-key')),
      throws('marked-key'),
      () => Promise.reject(new TypeError('marked-key')),
    ])
      expect(leaks(await failure(() => send(method), 'config_invalid'), ['marked-key'])).toEqual([])
  })

  it('and a secret in a header of theirs is kept out of errors [O123]', async () => {
    const plugged = config({ secret: undefined, tokenEndpointAuthMethod: oauth.ClientSecretBasic('marked-secret-8d') })
    const { fetch } = fakeFetch(
      ({ headers }) =>
        new Response(JSON.stringify({ error: 'invalid_client', error_description: JSON.stringify(headers) }), {
          status: 401,
        }),
    )
    const form = new URLSearchParams()
    const question = async () => ({ form, ...(await authenticate(plugged, 'token', url, form)) })
    const error = await failure(() => ask(plugged, 'token', url, question, { fetch }), 'endpoint_error')
    expect(leaks(error, ['marked-secret-8d', btoa('app:marked-secret-8d')])).toEqual([])
  })
})

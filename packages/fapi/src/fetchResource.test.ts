import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { generateKeyPair } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { answering, errorOf, type Given } from '../test/answering.js'
import { createDpop } from './createDpop.js'
import { fetchResource } from './fetchResource.js'

const config = {
  appId: 'app',
  appHost: 'https://sample-app.genauth.ai',
  redirectUri: 'https://app.example.com/callback',
} as const
const challenge = (nonce: string): Given => ({
  status: 401,
  body: '',
  headers: { 'www-authenticate': 'DPoP error="use_dpop_nonce", error_description="n"', 'dpop-nonce': nonce },
})
const params = { url: 'https://api.example.com/orders?page=2#x'.replace('#x', ''), accessToken: 'a-token' }
const nonces = (sent: { headers: Record<string, string> }[]) =>
  sent.map(({ headers }) => decodeJwt(headers['dpop']!)['nonce'])

describe('createDpop (RFC 9449 section 4.2)', () => {
  it('proves method, address without query, token and time, with a public key', async () => {
    const dpop = await createDpop(config, undefined, { now: 1_700_000_000_000 })
    const { fetch, sent } = answering({ body: {} })
    // A proof of "post" would not be one of what fetch sends.
    await fetchResource(config, { ...params, method: 'post' as 'POST', body: 'x' }, { dpop, fetch })
    const proof = sent[0]!.headers['dpop']!
    const header = decodeProtectedHeader(proof)
    expect(header).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256' } })
    expect(header.jwk).not.toHaveProperty('d')
    expect(decodeJwt(proof)).toMatchObject({
      htm: 'POST',
      htu: 'https://api.example.com/orders',
      ath: Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from('a-token'))).toString('base64url'),
    })
    expect(Math.abs(decodeJwt(proof).iat! - 1_700_000_000)).toBeLessThan(5)
    expect(sent[0]!.headers['authorization']).toBe('DPoP a-token')
  })

  it('refuses what is no usable pair', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    for (const pair of [{ privateKey }, { privateKey: publicKey, publicKey: privateKey }, 'x'])
      expect(await errorOf(async () => createDpop(config, pair as never))).toMatchObject({
        code: 'argument_invalid',
        argument: 'keyPair',
      })
  })

  it('lets no code exchange be downgraded to a bearer token', async () => {
    const dpop = await createDpop(config)
    const { fetch } = answering({ body: { access_token: 'at', token_type: 'Bearer', scope: 'orders' } })
    expect(await errorOf(() => getAccessTokenByCode(config, { code: 'c' }, { dpop, fetch }))).toMatchObject({
      code: 'response_invalid',
      reason: 'token_type',
    })
    for (const token_type of ['DPoP', 'dpop', 'DPOP']) {
      const odd = answering({ body: { access_token: 'at', token_type, scope: 'orders' } })
      expect(await getAccessTokenByCode(config, { code: 'c' }, { dpop, fetch: odd.fetch })).toMatchObject({
        token_type,
      })
    }
  })
})

describe('fetchResource', () => {
  it('asks again with the nonce of the API, exactly once', async () => {
    const dpop = await createDpop(config)
    const { fetch, sent } = answering(challenge('n1'), { body: { ok: true } })
    expect(await (await fetchResource(config, params, { dpop, fetch })).json()).toEqual({ ok: true })
    expect(nonces(sent)).toEqual([undefined, 'n1'])
    const stubborn = answering(challenge('n2'), challenge('n3'))
    expect((await fetchResource(config, params, { dpop, fetch: stubborn.fetch })).status).toBe(401)
    expect(nonces(stubborn.sent)).toEqual(['n1', 'n2'])
  })

  it('keeps a nonce for each origin, and takes a newer one from any answer', async () => {
    const dpop = await createDpop(config)
    const { fetch, sent } = answering(
      { headers: { 'dpop-nonce': 'a1' } },
      { headers: { 'dpop-nonce': 'b1' } },
      { status: 500, headers: { 'dpop-nonce': 'a2' } },
      {},
    )
    const other = { ...params, url: 'https://other.example.com/' }
    for (const one of [params, other, params, params, other]) await fetchResource(config, one, { dpop, fetch })
    expect(nonces(sent)).toEqual([undefined, undefined, 'a1', 'a2', 'b1'])
  })

  it('asks once without a handle, whatever the API says', async () => {
    const { fetch, sent } = answering(challenge('n1'))
    expect((await fetchResource(config, params, { fetch })).status).toBe(401)
    expect(sent.map(({ headers }) => headers['authorization'])).toEqual(['Bearer a-token'])
  })

  it('hands on the API’s own answers, errors and empty ones too, and follows no redirect', async () => {
    for (const status of [200, 201, 400, 404, 500]) {
      const { fetch } = answering({ status, body: 'text', type: 'text/plain' })
      const answer = await fetchResource(config, params, { fetch })
      expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
        status,
        'text',
        'text/plain',
      ])
    }
    const empty = { fetch: async () => new Response(null, { status: 204 }) }
    expect((await fetchResource(config, { ...params, method: 'DELETE' }, empty)).status).toBe(204)
    const { fetch, sent } = answering({ status: 307, headers: { location: 'https://evil.example/' } })
    expect(await errorOf(() => fetchResource(config, params, { fetch }))).toMatchObject({
      code: 'response_invalid',
      reason: 'redirect',
    })
    expect(sent).toHaveLength(1)
  })

  it('sends a token over https only, never in another header, and never one that breaks a header', async () => {
    const { fetch, sent } = answering({})
    for (const [change, argument] of [
      [{ url: 'http://api.example.com/' }, 'url'],
      [{ accessToken: 'a\r\nb' }, 'accessToken'],
      [{ accessToken: '' }, 'accessToken'],
      [{ headers: { Authorization: 'Bearer x' } }, 'headers'],
      [{ headers: { DPoP: 'x' } }, 'headers'],
    ] as const)
      expect(await errorOf(() => fetchResource(config, { ...params, ...change }, { fetch }))).toMatchObject({
        argument,
      })
    expect(await errorOf(() => fetchResource(config, params, { fetch, dpop: {} as never }))).toMatchObject({
      argument: 'dpop',
    })
    expect(sent).toEqual([])
  })
})

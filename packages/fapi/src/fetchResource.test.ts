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

  it('hands on what is no text, byte for byte', async () => {
    const pdf = Uint8Array.of(0x25, 0x50, 0x44, 0x46, 0xff, 0xfe, 0x00, 0x80)
    const headers = { 'content-type': 'application/pdf' }
    const whole = async () => new Response(pdf, { headers })
    // A runtime without streams, and one whose answers are texts only.
    const bare = {
      status: 200,
      headers: new Headers(headers),
      arrayBuffer: async () => pdf.buffer,
      text: async () => '',
    }
    for (const fetch of [whole, async () => bare]) {
      const answer = await fetchResource(config, params, { fetch })
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(pdf)
      expect(answer.headers.get('content-type')).toBe('application/pdf')
    }
    const text = {
      status: 200,
      headers: { get: (name: string) => (name === 'etag' ? '"1"' : null) },
      text: async () => 'ü',
    }
    const answer = await fetchResource(config, params, { fetch: async () => text })
    expect([await answer.text(), answer.headers.get('etag'), [...answer.headers].length]).toEqual(['ü', '"1"', 1])
  })

  it('reads 1 MiB of whatever status, and no byte more', async () => {
    for (const status of [200, 404])
      for (const [bytes, reason] of [
        [1 << 20, undefined],
        [(1 << 20) + 1, 'too_large'],
      ] as const) {
        const { fetch } = answering({ status, body: 'x'.repeat(bytes), type: 'text/plain' })
        const asked = fetchResource(config, params, { fetch })
        if (reason) expect(await errorOf(async () => asked)).toMatchObject({ code: 'response_invalid', reason })
        else expect((await (await asked).text()).length).toBe(bytes)
      }
    const endless = new ReadableStream({ pull: (queue) => queue.enqueue(new Uint8Array(1 << 16)) })
    const { fetch } = { fetch: async () => new Response(endless) }
    expect(await errorOf(async () => fetchResource(config, params, { fetch }))).toMatchObject({ reason: 'too_large' })
  })

  it('hands on that nothing has changed (RFC 9110 section 15.4.5), but no redirect', async () => {
    const fresh = { fetch: async () => new Response(null, { status: 304, headers: { etag: '"1"' } }) }
    const answer = await fetchResource(config, { ...params, headers: { 'if-none-match': '"1"' } }, fresh)
    expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', '"1"'])
    const moved = { status: 304, url: 'https://evil.example/', headers: new Headers(), text: async () => '' }
    for (const odd of [moved, { ...moved, url: '', redirected: true }, { ...moved, url: '', status: 0 }])
      expect(await errorOf(async () => fetchResource(config, params, { fetch: async () => odd }))).toMatchObject({
        code: 'response_invalid',
        reason: 'redirect',
      })
  })

  it('refuses what is no status of an answer', async () => {
    for (const status of [101, 199, 600, 999, NaN, 200.5, '200'] as number[]) {
      const answer = { status, headers: new Headers(), text: async () => '' }
      expect(await errorOf(async () => fetchResource(config, params, { fetch: async () => answer }))).toMatchObject({
        code: 'response_invalid',
        reason: 'status',
      })
    }
  })

  it('takes a header once, in whatever case, and the call’s own before that of the options', async () => {
    const { fetch, sent } = answering({})
    const own = { ...params, headers: { 'Content-Type': 'text/a' } }
    await fetchResource(config, own, { fetch, headers: { 'content-type': 'text/b', 'X-Trace': '1' } })
    expect(sent[0]!.headers).toEqual({ 'content-type': 'text/a', 'x-trace': '1', authorization: 'Bearer a-token' })
  })

  it('takes its address as a URL, too', async () => {
    const { fetch, sent } = answering({}, {})
    await fetchResource(config, { ...params, url: new URL(params.url) }, { fetch })
    expect(sent[0]?.url).toBe(params.url)
  })

  it('sends a token over https only, never in another header, and never one that breaks a header', async () => {
    const { fetch, sent } = answering({})
    for (const [change, argument] of [
      [{ url: 'http://api.example.com/' }, 'url'],
      [{ accessToken: 'a\r\nb' }, 'accessToken'],
      [{ accessToken: '' }, 'accessToken'],
      [{ headers: { Authorization: 'Bearer x' } }, 'headers'],
      [{ headers: { DPoP: 'x' } }, 'headers'],
      [{ headers: { 'Transfer-Encoding': 'chunked' } }, 'headers'],
      [{ headers: { 'x y': '1' } }, 'headers'],
      [{ headers: { 'x\n': '1' } }, 'headers'],
      [{ headers: { x: 5 as never } }, 'headers'],
      [{ method: 5 as never }, 'method'],
      [{ method: 'TRACE' as never }, 'method'],
      [{ body: 'x' }, 'body'],
      [{ method: 'HEAD', body: 'x' }, 'body'],
      [{ method: 'POST', body: {} as never }, 'body'],
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

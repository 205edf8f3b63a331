import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { generateKeyPair } from 'oauth4webapi'
import * as oauth from 'oauth4webapi'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { answering, errorOf, formOf, type Given } from '../test/answering.js'
import { createDpop } from './createDpop.js'
import { pushAuthorizationRequest } from './pushAuthorizationRequest.js'
import { signRequestObject } from './signRequestObject.js'

const secret = 'the-app-secret-of-32-characters-or-more'
const config = {
  appId: 'app',
  appHost: 'https://sample-app.genauth.ai',
  secret,
  redirectUri: 'https://app.example.com/callback',
} as const
const link = buildAuthorizeUrl(config, { state: 'the-state', nonce: 'the-nonce' })
const request_uri = 'urn:ietf:params:oauth:request_uri:1'
const good: Given = { status: 201, body: { request_uri, expires_in: 60 } }

describe('pushAuthorizationRequest (RFC 9126)', () => {
  it('posts what the link says, authenticated, and gives the link that stands for it', async () => {
    const { fetch, sent } = answering(good)
    const url = await pushAuthorizationRequest(config, link, { fetch })
    expect(url.href).toBe(
      `https://sample-app.genauth.ai/oidc/auth?client_id=app&request_uri=${encodeURIComponent(request_uri)}`,
    )
    expect(sent.map(({ url: to, method }) => [method, to])).toEqual([
      ['POST', 'https://sample-app.genauth.ai/oidc/request'],
    ])
    expect(formOf(sent[0])).toEqual({ ...Object.fromEntries(link.searchParams), client_secret: secret })
  })

  it('goes where the metadata say, and keeps the authorization endpoint’s own query out of what is pushed', async () => {
    const own = { ...config, endpoints: { authorization: 'https://id.example.com/auth?tenant=1' } }
    const { fetch, sent } = answering(good)
    const metadata = {
      issuer: 'https://sample-app.genauth.ai/oidc',
      pushed_authorization_request_endpoint: 'https://id.example.com/par',
    }
    const url = await pushAuthorizationRequest(own, buildAuthorizeUrl(own), { fetch, metadata })
    expect(url.searchParams.get('tenant')).toBe('1')
    expect(sent[0]!.url).toBe('https://id.example.com/par')
    expect(formOf(sent[0])).not.toHaveProperty('tenant')
  })

  it('sends nothing to another provider, nor to an address that the metadata do not name', async () => {
    const { fetch, sent } = answering(good)
    const foreign = {
      issuer: 'https://b.example.com',
      pushed_authorization_request_endpoint: 'https://b.example.com/par',
    }
    const without = { issuer: 'https://sample-app.genauth.ai/oidc' }
    for (const metadata of [foreign, { ...foreign, issuer: undefined }, without, {}, null, 5])
      for (const when of ['always', 'required'] as const) {
        // Without a request to be sent, metadata of this issuer need not say where to.
        if (when === 'required' && metadata === without) continue
        const options = { fetch, metadata: metadata as never, when }
        expect(await errorOf(() => pushAuthorizationRequest(config, link, options))).toMatchObject({
          code: 'argument_invalid',
          argument: 'metadata',
        })
      }
    expect(sent).toEqual([])
  })

  it('asks for authorization details and several resources', async () => {
    const { fetch, sent } = answering(good)
    const details = [{ type: 'payment', amount: '1' }]
    const resource = ['https://a.example.com/', 'https://b.example.com/']
    await pushAuthorizationRequest(config, { link, authorizationDetails: details, resource }, { fetch })
    const form = new URLSearchParams(sent[0]!.body)
    expect(JSON.parse(form.get('authorization_details')!)).toEqual(details)
    expect(form.getAll('resource')).toEqual(resource)
  })

  it.each<[string, Given, object]>([
    ['status 200', { ...good, status: 200 }, { reason: 'status' }],
    ['no request_uri', { status: 201, body: { expires_in: 60 } }, { reason: 'shape' }],
    ['an empty request_uri', { status: 201, body: { request_uri: '', expires_in: 60 } }, { reason: 'shape' }],
    ['no expires_in', { status: 201, body: { request_uri } }, { reason: 'shape' }],
    ['expires_in 0', { status: 201, body: { request_uri, expires_in: 0 } }, { reason: 'shape' }],
    ['an array', { status: 201, body: [] }, { reason: 'shape' }],
    ['no JSON', { status: 201, body: 'nonsense' }, { reason: 'json' }],
    ['JSON served as HTML', { ...good, type: 'text/html' }, { reason: 'content_type' }],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example/' } }, { reason: 'redirect' }],
    [
      'an error',
      { status: 400, body: { error: 'invalid_request' } },
      { code: 'endpoint_error', error: 'invalid_request' },
    ],
    [
      'an error in the header alone',
      { status: 401, body: '', headers: { 'www-authenticate': 'DPoP error="invalid_token"' } },
      { error: 'invalid_token' },
    ],
    ['a busy server', { status: 503, body: '', headers: { 'retry-after': '7' } }, { reason: 'status', retryAfter: 7 }],
  ])('refuses %s, after one question', async (_, answer, expected) => {
    const { fetch, sent } = answering(answer)
    const error = await errorOf(() => pushAuthorizationRequest(config, link, { fetch }))
    expect(error).toMatchObject({ endpoint: 'pushedAuthorization', ...expected })
    expect(sent).toHaveLength(1)
  })

  it('repeats neither the secret nor the state in an error that quotes them', async () => {
    const echo = `bad ${secret} and the-state\u202e`
    const { fetch } = answering({ status: 400, body: { error: 'invalid_request', error_description: echo } })
    const error = await errorOf(() => pushAuthorizationRequest(config, link, { fetch }))
    expect(error).toMatchObject({ errorDescription: 'bad [redacted] and [redacted] ' })
  })

  it('sends a proof, again with the server’s nonce, exactly once', async () => {
    const lack: Given = { status: 400, body: { error: 'use_dpop_nonce' }, headers: { 'dpop-nonce': 'n1' } }
    const dpop = await createDpop(config)
    const { fetch, sent } = answering(lack, good)
    await pushAuthorizationRequest(config, link, { fetch, dpop })
    expect(sent.map(({ headers }) => decodeJwt(headers['dpop']!)['nonce'])).toEqual([undefined, 'n1'])
    expect(new Set(sent.map(({ headers }) => decodeJwt(headers['dpop']!).jti)).size).toBe(2)
    const stubborn = answering(lack)
    const error = await errorOf(() => pushAuthorizationRequest(config, link, { fetch: stubborn.fetch, dpop }))
    expect(error).toMatchObject({ error: 'use_dpop_nonce' })
    expect(stubborn.sent).toHaveLength(2)
  })

  it('takes links of this application only, not pushed before, and headers that are not the protocol’s', async () => {
    const foreign = buildAuthorizeUrl({ ...config, appId: 'other' })
    const { fetch, sent } = answering(good)
    const short = await pushAuthorizationRequest(config, link, { fetch })
    for (const [params, argument] of [
      [foreign, 'link'],
      [short, 'link'],
      ['https://sample-app.genauth.ai/', 'link'],
      [{ link, authorizationDetails: [{}] }, 'authorizationDetails'],
      [{ link, resource: 'no uri' }, 'resource'],
    ] as const)
      expect(await errorOf(() => pushAuthorizationRequest(config, params as never, { fetch }))).toMatchObject({
        argument,
      })
    const headers = { authorization: 'Bearer x' }
    expect(await errorOf(() => pushAuthorizationRequest(config, link, { fetch, headers }))).toMatchObject({
      argument: 'headers',
    })
    const other = {
      appId: 'app',
      issuer: 'https://id.example.com',
      endpoints: { authorization: 'https://id.example.com/auth', token: 'https://id.example.com/token' },
    } as const
    expect(
      await errorOf(() =>
        pushAuthorizationRequest(other, buildAuthorizeUrl({ ...other, redirectUri: config.redirectUri }), { fetch }),
      ),
    ).toMatchObject({ argument: 'metadata' })
    expect(sent).toHaveLength(1)
  })

  // [answer, ours, oauth4webapi's]: JSON served as HTML may be a page that someone else wrote, and 0 seconds are none.
  it.each<[string, Given, boolean, boolean]>([
    ['a good answer', good, true, true],
    ['status 200', { ...good, status: 200 }, false, false],
    ['no expires_in', { status: 201, body: { request_uri } }, false, false],
    ['JSON served as HTML', { ...good, type: 'text/html' }, false, true],
    ['expires_in 0', { status: 201, body: { request_uri, expires_in: 0 } }, false, true],
  ])('judges %s as oauth4webapi does, or more strictly', async (_, answer, ours, theirs) => {
    const { fetch } = answering(answer)
    const told = async (work: Promise<unknown>) =>
      work.then(
        () => true,
        () => false,
      )
    expect(await told(pushAuthorizationRequest(config, link, { fetch }))).toBe(ours)
    const response = (await fetch('https://id.example.com/', {} as never)) as Response
    const as = { issuer: 'https://id.example.com' }
    expect(await told(oauth.processPushedAuthorizationResponse(as, { client_id: 'app' }, response))).toBe(theirs)
  })
})

describe('signRequestObject (RFC 9101)', () => {
  it('puts all of the link into a short-lived JWT for the issuer', async () => {
    const { privateKey } = await generateKeyPair('PS256')
    const withAge = buildAuthorizeUrl(config, { state: 's', nonce: 'n', maxAge: 60 })
    const details = [{ type: 'payment' }]
    const url = await signRequestObject(
      config,
      {
        link: withAge,
        key: { key: privateKey, kid: 'k' },
        authorizationDetails: details,
        resource: ['https://a.example/', 'https://b.example/'],
      },
      { now: 1_700_000_000_000 },
    )
    expect([...url.searchParams.keys()]).toEqual(['client_id', 'request'])
    const request = url.searchParams.get('request')!
    expect(decodeProtectedHeader(request)).toEqual({ alg: 'PS256', typ: 'oauth-authz-req+jwt', kid: 'k' })
    expect(decodeJwt(request)).toMatchObject({
      ...Object.fromEntries(link.searchParams),
      state: 's',
      nonce: 'n',
      max_age: 60,
      iss: 'app',
      aud: 'https://sample-app.genauth.ai/oidc',
      iat: 1_700_000_000,
      exp: 1_700_000_060,
      authorization_details: details,
      resource: ['https://a.example/', 'https://b.example/'],
    })
  })

  // RFC 9449 section 10; beside the object it would not count (RFC 9101 section 6.3).
  it('names the key that the code is to be bound to inside, and only there', async () => {
    const { privateKey: key } = await generateKeyPair('ES256')
    const [dpop, other] = [await createDpop(config), await createDpop(config)]
    const bound = await signRequestObject(config, { link, key }, { dpop })
    const jkt = await dpop.calculateThumbprint()
    expect(decodeJwt(bound.searchParams.get('request')!)).toMatchObject({ state: 'the-state', dpop_jkt: jkt })
    const url = await pushAuthorizationRequest(config, bound, { when: 'required', dpop })
    expect(url.href).toBe(bound.href)

    const unbound = await signRequestObject(config, { link, key })
    expect(decodeJwt(unbound.searchParams.get('request')!)).not.toHaveProperty('dpop_jkt')
    const unreadable = new URL(unbound)
    unreadable.searchParams.set('request', 'a.b.c.d.e')
    for (const [request, handle] of [
      [unbound, dpop],
      [bound, other],
      [unreadable, dpop],
    ] as const)
      expect(
        await errorOf(() => pushAuthorizationRequest(config, request, { when: 'required', dpop: handle })),
      ).toMatchObject({
        code: 'argument_invalid',
        argument: 'dpop',
        message: expect.stringMatching(/signRequestObject/),
      })
    // Pushed, the proof travels along, and binds the code by itself.
    const { fetch, sent } = answering(good)
    await pushAuthorizationRequest(config, unbound, { fetch, dpop })
    expect(sent[0]!.headers).toHaveProperty('dpop')
  })

  it('takes no handle that can’t name its key', async () => {
    const { privateKey: key } = await generateKeyPair('ES256')
    const broken = [{}, { calculateThumbprint: async () => Promise.reject(new Error('hsm')) }, 5]
    for (const dpop of broken as never[]) {
      expect(await errorOf(() => signRequestObject(config, { link, key }, { dpop }))).toMatchObject({
        argument: 'dpop',
      })
      expect(await errorOf(() => pushAuthorizationRequest(config, link, { when: 'required', dpop }))).toMatchObject({
        argument: 'dpop',
      })
    }
  })

  it('signs once, with a private key, for ten minutes at most', async () => {
    const { privateKey: key, publicKey } = await generateKeyPair('ES256')
    const signed = await signRequestObject(config, { link, key })
    for (const [params, argument] of [
      [{ link: signed, key }, 'link'],
      [{ link: signed, key, resource: 'https://a.example/' }, 'link'],
      [{ link, key: publicKey }, 'key'],
      [{ link, key, expiresIn: 601 }, 'expiresIn'],
    ] as const)
      expect(await errorOf(() => signRequestObject(config, params))).toMatchObject({
        code: 'argument_invalid',
        argument,
      })
  })
})

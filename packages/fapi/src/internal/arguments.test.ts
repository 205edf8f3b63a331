import { generateKeyPair } from 'oauth4webapi'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { describe, expect, it } from 'vitest'
import { errorOf } from '../../test/answering.js'
import * as fapi from '../index.js'

type Call = (...args: unknown[]) => unknown
// What opens XML throws for validateCasTicket, which makes an error of its own of it.
const functions = Object.entries(fapi as unknown as Record<string, Call>).filter(([name]) => name !== 'parseCasXml')

const outcome = async (call: Call, args: unknown[]): Promise<unknown> => {
  try {
    await call(...args)
  } catch (error) {
    const { name, code } = error as { name: string; code?: string }
    return [name, code]
  }
  return
}
const fetch = async () => Response.json({})
const wait = async () => Promise.reject(Object.assign(new Error('waits'), { name: 'OidcError', code: 'waits' }))
const secret = 's'.repeat(40)
const oidc = { appId: 'app', appHost: 'https://sample-app.genauth.ai', secret, fetch }

// A whole call of each function, every argument and every member of it.
const iss = 'https://id.example.com'
const config = {
  appId: 'app',
  issuer: iss,
  redirectUri: 'https://app.example.com/callback',
  secret,
  protocol: 'oidc',
  fetch,
  endpoints: Object.fromEntries(
    ['token', 'authorization', 'jwks', 'introspection', 'userInfo'].map((name) => [name, `${iss}/${name}`]),
  ),
}
const genauth = { appId: 'app', appHost: 'https://sample-app.genauth.ai', redirectUri: config.redirectUri, fetch }
const metadata = {
  issuer: iss,
  pushed_authorization_request_endpoint: `${iss}/par`,
  device_authorization_endpoint: `${iss}/device`,
  backchannel_authentication_endpoint: `${iss}/backchannel`,
  registration_endpoint: `${iss}/register`,
  check_session_iframe: `${iss}/session`,
  mtls_endpoint_aliases: { token_endpoint: `${iss}/mtls` },
}
const { privateKey: key, publicKey } = await generateKeyPair('ES256')
const dpop = await fapi.createDpop(oidc, { privateKey: key, publicKey })
const options = { metadata, dpop, fetch, wait, headers: { 'x-trace': '1' }, timeout: 5 }
const handle = { registrationClientUri: `${iss}/register/1`, registrationAccessToken: 'rat' }
// Over already: nobody waits where the options, and with them the waiting, are left out.
const pending = { deviceCode: 'd', authReqId: 'r', interval: 1, expiresAt: 1 }
const link = buildAuthorizeUrl(config as never)
const authorizationDetails = [{ type: 'payment' }]
const resource = 'https://api.example.com/'
const bound = () =>
  new Request(resource, { headers: { authorization: 'DPoP a.b.c', dpop: 'a.b.c' } }) as unknown as Record<string, never>
const ping = () =>
  new Request(resource, { method: 'POST', body: '{}', headers: { authorization: 'Bearer t' } }) as unknown
const whole: Record<string, readonly unknown[]> = {
  pushAuthorizationRequest: [config, { link, authorizationDetails, resource }, { ...options, when: 'always' }],
  signRequestObject: [config, { link, key, expiresIn: 5, authorizationDetails, resource }, { dpop, now: 1 }],
  readSignedCallback: [config, '?response=a.b.c', { state: 's', algs: ['ES256'], responseMode: 'jwt' }, options],
  startDeviceAuthorization: [config, { scope: 'openid', resource }, options],
  pollDeviceToken: [config, pending, options],
  startBackchannelAuthentication: [
    config,
    {
      ...{ loginHint: 'a', scope: 'openid', bindingMessage: 'b', userCode: 'c', acrValues: 'd', requestedExpiry: 5 },
      ...{ clientNotificationToken: 't'.repeat(30), authorizationDetails, resource },
    },
    options,
  ],
  pollBackchannelToken: [config, pending, { ...options, pinged: true }],
  readBackchannelPing: [config, ping(), { clientNotificationToken: 't' }],
  exchangeToken: [
    config,
    {
      ...{ subjectToken: 't', subjectTokenType: 'access_token', actorToken: 'a', actorTokenType: 'jwt' },
      ...{ requestedTokenType: 'jwt', audience: 'a', resource, scope: 's' },
    },
    options,
  ],
  signAssertion: [config, { subject: 's', key, audience: 'a', issuer: 'i', expiresIn: 5, claims: {} }, { now: 1 }],
  getAccessTokenByAssertion: [config, { assertion: 'a', type: 'jwt', scope: 's', resource }, options],
  getAccessTokenByIdToken: [genauth, { idToken: 'i', redirectUri: genauth.redirectUri, scope: 's' }, options],
  registerClient: [{ issuer: iss, fetch }, { metadata: {}, initialAccessToken: 'x' }, options],
  readClient: [{ issuer: iss, fetch }, handle, options],
  updateClient: [{ issuer: iss, fetch }, { ...handle, metadata: { client_id: 'c' } }, options],
  deleteClient: [{ issuer: iss, fetch }, handle, options],
  introspectSignedToken: [config, { token: 't', algs: ['ES256'], tokenTypeHint: 'access_token' }, options],
  getSignedUserInfo: [config, { accessToken: 't', expectedSubject: 's', algs: ['ES256'] }, options],
  readServerMetadata: [config, { ...options, kind: 'oidc', store: new Map() }],
  readProtectedResource: [config, resource, options],
  fetchResource: [config, { url: resource, accessToken: 't', method: 'POST', headers: { a: 'b' }, body: 'x' }, options],
  verifyDpopRequest: [config, bound(), { proofAlgs: ['ES256'], url: resource, audience: 'a', scope: 's' }, options],
  createDpop: [config, { privateKey: key, publicKey }, { alg: 'ES256' }],
  createSessionCheck: [config, { sessionState: 'a.b' }, { metadata }],
  readFrontChannelLogout: [config, `?iss=${iss}&sid=1`, { sid: '1' }],
  validateCasTicket: [
    { ...genauth, protocol: 'cas' },
    { ticket: 't', service: 'https://s.example/', format: 'json' },
    options,
  ],
  trackCasSession: [genauth, { cookie: 'a=b' }, options],
  buildSamlUrl: [{ ...genauth, protocol: 'saml' }, { relayState: 'x' }],
  verifyMlDsaIdToken: [config, 'a.b.c', { algs: ['ML-DSA-44'], nonce: 'n' }, options],
  decryptJwt: ['a.b.c.d.e', { key: secret, algs: ['dir'], encs: ['A256GCM'] }],
  useMtlsEndpoints: [config, metadata],
  PrivateKeyJwt: [
    { key, kid: 'k', alg: 'ES256' },
    { audience: 'issuer', expiresIn: 5 },
  ],
  ClientSecretJwt: [secret, { audience: 'issuer', expiresIn: 5 }],
  createDecryptingFetch: [{ decrypt: (token: string) => token, allowPlain: true, fetch }],
  TlsClientAuth: [],
}
const odd: readonly unknown[] = [
  ...[undefined, null, 5, NaN, 5n, '', true, [], [[{}]], {}, { toString: 1 }, () => 1],
  ...[Symbol('x'), Object.assign([], { 0: null }), [Symbol('y')], [{ toString: 1 }]],
]

describe('a caller without types', () => {
  it.each(functions)('gets an error of ours from %s, and no TypeError, whatever is handed in', async (_, call) => {
    for (const first of [null, undefined, 5, 'x', oidc, { ...oidc, protocol: 'cas' }])
      for (const second of [null, undefined, 5, 'x', {}, []])
        for (const third of [undefined, null, { fetch, wait }])
          expect([undefined, 'OidcError']).toContain(
            [await outcome(call, [first, second, third, third ? undefined : { fetch, wait }])].flat()[0],
          )
  })

  it.each(functions)('gets one from %s, whichever single argument or member is odd', async (name, call) => {
    const args = whole[name]!
    expect(args.length).toBeGreaterThanOrEqual(call.length)
    const plain = (value: unknown): value is Record<string, unknown> =>
      Object.getPrototypeOf(Object(value)) === Object.prototype
    for (const [at, argument] of args.entries())
      for (const value of odd) {
        const instead = (given: unknown) => args.map((one, place) => (place === at ? given : one))
        const calls = new Map([['', instead(value)]])
        // What runs a request, its fetch and how long it waits, is core's to judge, as are keys that are none.
        const members = plain(argument)
          ? Object.keys(argument).filter((member) => !/^(fetch|timeout)$/.test(member))
          : []
        for (const member of members) calls.set(member, instead({ ...(argument as object), [member]: value }))
        for (const [member, one] of calls)
          expect([undefined, 'OidcError'], `argument ${at}, ${member}`).toContain([await outcome(call, one)].flat()[0])
      }
  })

  it.each(['fetchResource', 'readClient', 'deleteClient', 'createSessionCheck', 'useMtlsEndpoints', 'createDpop'])(
    'is told by %s that the config is missing',
    async (name) => {
      const params = {
        url: 'https://api.example.com/',
        accessToken: 'at',
        registrationClientUri: 'https://id.example.com/reg/1',
        registrationAccessToken: 'rat',
        sessionState: 's',
      }
      const call = (fapi as unknown as Record<string, Call>)[name]!
      for (const config of [null, undefined])
        expect(await outcome(call, [config, name === 'createDpop' ? undefined : params, { fetch }])).toEqual([
          'OidcError',
          'config_invalid',
        ])
    },
  )

  it.each<[string, string, object]>([
    ['pushAuthorizationRequest', 'resource', { link, resource: null }],
    ['pushAuthorizationRequest', 'authorizationDetails', { link, authorizationDetails: [{ type: 'x', amount: 5n }] }],
    ['startDeviceAuthorization', 'scope', { scope: Symbol('x') }],
    ['startBackchannelAuthentication', 'requestedExpiry', { loginHint: 'a', requestedExpiry: NaN }],
    ['startBackchannelAuthentication', 'userCode', { loginHint: 'a', userCode: 5 }],
    ['exchangeToken', 'actorTokenType', { ...(whole.exchangeToken![1] as object), actorTokenType: 5 }],
    ['exchangeToken', 'requestedTokenType', { subjectToken: 't', subjectTokenType: 'jwt', requestedTokenType: 5 }],
    ['getAccessTokenByAssertion', 'type', { assertion: 'a', type: 'saml' }],
    ['registerClient', 'metadata', { metadata: { logo: 5n } }],
    ['registerClient', 'initialAccessToken', { metadata: {}, initialAccessToken: {} }],
    ['registerClient', 'initialAccessToken', { metadata: {}, initialAccessToken: 'a b' }],
    ['readClient', 'registrationAccessToken', { ...handle, registrationAccessToken: 'a\r\nb' }],
    ['introspectSignedToken', 'tokenTypeHint', { token: 't', tokenTypeHint: 5 }],
    ['fetchResource', 'method', { url: resource, accessToken: 't', method: 5 }],
    ['fetchResource', 'method', { url: resource, accessToken: 't', method: 'CONNECT' }],
    ['fetchResource', 'body', { url: resource, accessToken: 't', body: 'x' }],
    ['fetchResource', 'headers', { url: resource, accessToken: 't', headers: { 'x y': 'z' } }],
    ['pollDeviceToken', 'interval', { ...pending, interval: '5' }],
    ['pollBackchannelToken', 'expiresAt', { ...pending, expiresAt: undefined }],
    ['createSessionCheck', 'sessionState', { sessionState: undefined }],
    ['signAssertion', 'claims', { subject: 's', key, claims: { amount: 5n } }],
  ])('is told by %s that it was %s', async (name, argument, params) => {
    const call = (fapi as unknown as Record<string, Call>)[name]!
    expect(await errorOf(() => call(config, params, { ...options, dpop: undefined }))).toMatchObject({
      code: 'argument_invalid',
      argument,
    })
  })

  // What a user of Express meets first: its request has no such headers.
  it('is told that a request of Node is not one of fetch', async () => {
    const request = { method: 'POST', url: '/ping', headers: { authorization: 'Bearer t' } }
    for (const given of [request, undefined, {}])
      expect(
        await errorOf(() =>
          fapi.readBackchannelPing(config as never, given as never, { clientNotificationToken: 't' }),
        ),
      ).toMatchObject({ code: 'argument_invalid', argument: 'request', message: expect.stringMatching(/Express/) })
  })
})

import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import type { DpopHandle, FetchLike } from '@genauth-oidc/core/types'
import { getSignedUserInfo } from '../getSignedUserInfo.js'
import { describe, expect, it } from 'vitest'
import { answering, errorOf } from '../../test/answering.js'
import { createDpop } from '../createDpop.js'
import { exchangeToken } from '../exchangeToken.js'
import { introspectSignedToken } from '../introspectSignedToken.js'
import { pollDeviceToken } from '../pollDeviceToken.js'
import { pushAuthorizationRequest } from '../pushAuthorizationRequest.js'
import { readProtectedResource } from '../readProtectedResource.js'
import { readServerMetadata } from '../readServerMetadata.js'
import { registerClient } from '../registerClient.js'
import { startBackchannelAuthentication } from '../startBackchannelAuthentication.js'
import { startDeviceAuthorization } from '../startDeviceAuthorization.js'
import { trackCasSession } from '../trackCasSession.js'
import { validateCasTicket } from '../validateCasTicket.js'

const appHost = 'https://sample-app.genauth.ai'
const config = {
  appId: 'app',
  appHost,
  redirectUri: 'https://app.example.com/callback',
  secret: 'the-app-secret-of-32-characters-or-more',
} as const
const cas = { appId: 'app', appHost, protocol: 'cas' } as const
const link = buildAuthorizeUrl(config)
const subject = { subjectToken: 't', subjectTokenType: 'jwt' } as const
const device = { deviceCode: 'd', userCode: 'u', verificationUri: 'https://x.example/', interval: 1, expiresAt: 2e9 }

// A good answer of each endpoint, its status, and what reads it.
const answers: Record<string, readonly [object, number, (options: { fetch: FetchLike }) => Promise<unknown>]> = {
  'a pushed request': [
    { request_uri: 'urn:x', expires_in: 60 },
    201,
    async (o) => pushAuthorizationRequest(config, link, o),
  ],
  'a device authorization': [
    {
      ...{ device_code: 'd', user_code: 'u', verification_uri: 'https://x.example/', expires_in: 60, interval: 5 },
      verification_uri_complete: 'https://x.example/u',
    },
    200,
    async (o) => startDeviceAuthorization(config, {}, o),
  ],
  'a back-channel sign-in': [
    { auth_req_id: 'r', expires_in: 60, interval: 5 },
    200,
    async (o) => startBackchannelAuthentication(config, { loginHint: 'a' }, o),
  ],
  'an exchange': [
    {
      access_token: 'a',
      issued_token_type: 'urn:x:y',
      token_type: 'N_A',
      expires_in: 5,
      scope: 's',
      refresh_token: 'r',
    },
    200,
    async (o) => exchangeToken(config, subject, o),
  ],
  'a registration': [
    {
      ...{ client_id: 'c', client_secret: 's', client_secret_expires_at: 0 },
      ...{ registration_client_uri: 'https://x.example/', registration_access_token: 't' },
    },
    201,
    async (o) => registerClient({ appHost }, { metadata: {} }, o),
  ],
  'a good ticket': [
    { serviceResponse: { authenticationSuccess: { user: 'a', attributes: {} } } },
    200,
    async (o) => validateCasTicket(cas, { ticket: 't', service: 'https://s.example/' }, o),
  ],
  'a bad ticket': [
    { serviceResponse: { authenticationFailure: { code: 'a', description: 'b' } } },
    200,
    async (o) => validateCasTicket(cas, { ticket: 't', service: 'https://s.example/' }, o),
  ],
  'a session': [{ session: {}, userInfo: {} }, 200, async (o) => trackCasSession(cas, {}, o)],
  metadata: [{ issuer: `${appHost}/oidc` }, 200, async (o) => readServerMetadata(config, o)],
  'metadata of an API': [
    { resource: 'https://a.example/x', authorization_servers: [`${appHost}/oidc`] },
    200,
    async (o) => readProtectedResource(config, 'https://a.example/x', o),
  ],
  'an error': [
    { error: 'a', error_description: 'b', error_uri: 'c' },
    400,
    async (o) => exchangeToken(config, subject, o),
  ],
  'an error where a client is registered': [
    { error: 'a', error_description: 'b' },
    400,
    async (o) => registerClient({ appHost }, { metadata: {} }, o),
  ],
}
const deep = JSON.parse('['.repeat(3000) + ']'.repeat(3000)) as unknown
const shapes = [null, true, 0, -1, 1e308, '', 'x', '\0', [], [[]], ['https://x.example/'], {}, { toString: 1 }, deep]

describe('what a server answers', () => {
  it.each(Object.entries(answers))('is read or refused, and breaks nothing: %s', async (_, [good, status, read]) => {
    const { fetch } = answering({ body: good, status })
    const code = async (work: Promise<unknown>) =>
      work.then(
        () => 'read',
        (error: unknown) => (error as Error).name,
      )
    const expected = status === 400 || 'serviceResponse' in good ? ['read', 'OidcError'] : ['read']
    expect(expected).toContain(await code(read({ fetch })))
    for (const member of Object.keys(good))
      for (const shape of shapes) {
        const { fetch: odd } = answering({ body: { ...good, [member]: shape }, status })
        expect(['read', 'OidcError'], member).toContain(await code(read({ fetch: odd })))
      }
  })

  it.each<[string, string, unknown]>([
    ['a device authorization', 'verification_uri_complete', { toString: 1 }],
    ['a device authorization', 'verification_uri_complete', ['https://x.example/']],
    ['a device authorization', 'verification_uri_complete', null],
    ['a registration', 'registration_access_token', {}],
    ['a registration', 'registration_access_token', 5],
    ['a registration', 'registration_access_token', null],
    ['a registration', 'registration_access_token', ''],
    ['an exchange', 'token_type', { toString: 1 }],
    ['an exchange', 'token_type', ['N_A']],
  ])('is refused: %s whose %s is %j', async (name, member, shape) => {
    const [good, status, read] = answers[name]!
    const { fetch } = answering({ body: { ...good, [member]: shape }, status })
    expect(await errorOf(() => read({ fetch }))).toMatchObject({ code: 'response_invalid' })
  })
})

describe('what fails before anything is sent', () => {
  const { fetch, sent } = answering({})
  const failing = () => {
    throw new Error('the key store is down')
  }
  const at = (field: string) => ({ ...config, [field]: failing }) as never
  const calls: Record<
    string,
    (own: typeof config, options: { fetch: FetchLike; dpop?: DpopHandle }) => Promise<unknown>
  > = {
    pushAuthorizationRequest: async (own, o) => pushAuthorizationRequest(own, link, o),
    startDeviceAuthorization: async (own, o) => startDeviceAuthorization(own, {}, o),
    startBackchannelAuthentication: async (own, o) => startBackchannelAuthentication(own, { loginHint: 'a' }, o),
    exchangeToken: async (own, o) => exchangeToken(own, subject, o),
    pollDeviceToken: async (own, o) => pollDeviceToken(own, device, { ...o, wait: async () => undefined }),
    introspectSignedToken: async (own, o) => introspectSignedToken(own, { token: 't' }, o),
    getSignedUserInfo: async (own, o) => getSignedUserInfo(own, { accessToken: 't', expectedSubject: 's' }, o),
  }

  it.each(Object.entries(calls).filter(([name]) => name !== 'getSignedUserInfo'))(
    'is called by its name where %s authenticates',
    async (name, call) => {
      const field = `${name === 'introspectSignedToken' ? 'introspection' : 'token'}EndpointAuthMethod`
      const error = await errorOf(() => call(at(field), { fetch }))
      expect(error).toMatchObject({ code: 'config_invalid', issues: [{ path: field }] })
      expect(JSON.stringify(error)).not.toContain('key store')
      expect(sent).toEqual([])
    },
  )

  it.each(Object.entries(calls))('is called by its name where the proof of %s can’t be made', async (_, call) => {
    const dpop = { ...(await createDpop(config)), addProof: failing }
    for (const handle of [dpop, {}])
      expect(await errorOf(() => call(config, { fetch, dpop: handle as never }))).toMatchObject({
        code: 'argument_invalid',
        argument: 'dpop',
      })
    expect(sent).toEqual([])
  })
})

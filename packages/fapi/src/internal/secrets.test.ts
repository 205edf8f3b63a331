import type { FetchInit, FetchLike } from '@genauth-oidc/core/types'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { generateKeyPair } from 'oauth4webapi'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { answering, errorOf, type Given } from '../../test/answering.js'
import { createDpop } from '../createDpop.js'
import { exchangeToken } from '../exchangeToken.js'
import { fetchResource } from '../fetchResource.js'
import { getAccessTokenByAssertion } from '../getAccessTokenByAssertion.js'
import { getAccessTokenByIdToken } from '../getAccessTokenByIdToken.js'
import { getSignedUserInfo } from '../getSignedUserInfo.js'
import { introspectSignedToken } from '../introspectSignedToken.js'
import { pollBackchannelToken } from '../pollBackchannelToken.js'
import { pollDeviceToken } from '../pollDeviceToken.js'
import { PrivateKeyJwt } from '../PrivateKeyJwt.js'
import { pushAuthorizationRequest } from '../pushAuthorizationRequest.js'
import { readClient } from '../readClient.js'
import { registerClient } from '../registerClient.js'
import { startBackchannelAuthentication } from '../startBackchannelAuthentication.js'
import { startDeviceAuthorization } from '../startDeviceAuthorization.js'
import { updateClient } from '../updateClient.js'

const base = {
  appId: 'app',
  appHost: 'https://sample-app.genauth.ai',
  redirectUri: 'https://app.example.com/callback',
} as const
const [secret, token, code, hint, state] = [
  'MARKED-secret-of-32-characters-or-more',
  'MARKED-token',
  'MARKED-code',
  'MARKED-hint',
  'MARKED-state',
] as const
const pending = { interval: 0, expiresAt: Date.now() / 1000 + 60 }
const wait = async () => new Promise<void>((resolve) => setTimeout(resolve, 1))

type Call = (config: typeof base & { secret: string }, options: object) => Promise<unknown>
const calls: [string, Call][] = [
  [
    'pushAuthorizationRequest',
    async (c, o) => pushAuthorizationRequest(c, buildAuthorizeUrl(c, { state, loginHint: hint }), o),
  ],
  ['startDeviceAuthorization', async (c, o) => startDeviceAuthorization(c, {}, o)],
  [
    'pollDeviceToken',
    async (c, o) =>
      pollDeviceToken(c, { ...pending, deviceCode: code, userCode: 'u', verificationUri: 'x' }, { ...o, wait }),
  ],
  [
    'startBackchannelAuthentication',
    async (c, o) => startBackchannelAuthentication(c, { loginHint: hint, userCode: code }, o),
  ],
  ['pollBackchannelToken', async (c, o) => pollBackchannelToken(c, { ...pending, authReqId: code }, { ...o, wait })],
  [
    'exchangeToken',
    async (c, o) =>
      exchangeToken(c, { subjectToken: token, subjectTokenType: 'jwt', actorToken: code, actorTokenType: 'jwt' }, o),
  ],
  ['getAccessTokenByAssertion', async (c, o) => getAccessTokenByAssertion(c, { assertion: token }, o)],
  ['getAccessTokenByIdToken', async (c, o) => getAccessTokenByIdToken(c, { idToken: token }, o)],
  [
    'registerClient',
    async (c, o) => registerClient(c, { metadata: { client_name: hint }, initialAccessToken: token }, o),
  ],
  [
    'readClient',
    async (c, o) =>
      readClient(c, { registrationClientUri: 'https://id.example.com/', registrationAccessToken: token }, o),
  ],
  [
    'updateClient',
    async (c, o) =>
      updateClient(
        c,
        {
          registrationClientUri: 'https://id.example.com/',
          registrationAccessToken: token,
          metadata: { client_id: 'c', client_secret: secret },
        },
        o,
      ),
  ],
  ['introspectSignedToken', async (c, o) => introspectSignedToken(c, { token }, o)],
  ['getSignedUserInfo', async (c, o) => getSignedUserInfo(c, { accessToken: token, expectedSubject: 'u' }, o)],
]
/** All that a request carried, decoded, as a careless server would repeat it. */
const echoOf = ({ body = '', headers }: FetchInit): string =>
  [...new URLSearchParams(body).values(), body, ...Object.values(headers)]
    .filter((text) => !text.includes('%'))
    .join(' ')
const failures: [string, (echo: string) => Given | Error][] = [
  [
    'an error that quotes what was sent',
    (echo) => ({ status: 400, body: { error: 'invalid_request', error_description: echo } }),
  ],
  ['an error that is what was sent', (echo) => ({ status: 400, body: { error: echo } })],
  ['an answer of the wrong shape', (echo) => ({ body: { [echo]: echo } })],
  ['an answer of the wrong type', (echo) => ({ body: echo, type: 'text/html' })],
  [
    'a platform error that quotes what was sent',
    (echo) => Object.assign(new TypeError(echo), { cause: new Error(echo) }),
  ],
]

describe.each(calls)('%s', (_, call) => {
  it.each(failures)('shows no secret after %s', async (__, failure) => {
    const { privateKey } = await generateKeyPair('ES256')
    for (const config of [
      { ...base, secret },
      { ...base, secret, tokenEndpointAuthMethod: PrivateKeyJwt(privateKey) },
    ])
      for (const options of [{}, { dpop: await createDpop(base) }]) {
        const echoes: string[] = []
        const stop = new AbortController()
        const fetch: FetchLike = async (url, init) => {
          echoes.push(echoOf(init))
          // A poll goes on after a network error: the signal ends it.
          if (echoes.length > 2) stop.abort()
          return answering(failure(echoOf(init))).fetch(url, init)
        }
        const error = await errorOf(async () => call(config, { ...options, fetch, signal: stop.signal }))
        const { message, stack } = error as unknown as Error
        const shown = [message, stack, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })].join('\n')
        expect(error['name']).toBe('OidcError')
        expect(shown).not.toMatch(/MARKED/)
        const [, assertion] = /(eyJ[\w-]+\.[\w-]+\.[\w-]+)/.exec(echoes.join(' ')) ?? []
        // What there was to be shown.
        expect(assertion ?? /MARKED/.exec(echoes.join(' '))?.[0]).toMatch(/./)
        if (assertion && !('dpop' in options)) expect(shown).not.toContain(assertion)
      }
  })
})

describe('fetchResource', () => {
  it('shows no token when the API can’t be reached', async () => {
    const { fetch } = answering(new TypeError(token))
    const error = await errorOf(async () =>
      fetchResource(base, { url: 'https://api.example.com/', accessToken: token }, { fetch }),
    )
    expect(error).toMatchObject({ code: 'network', endpoint: 'protectedResource' })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/MARKED/)
  })
})

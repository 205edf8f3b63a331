import { getAccessTokenByAssertion } from '@genauth-oidc/fapi/getAccessTokenByAssertion'
import { getAccessTokenByIdToken } from '@genauth-oidc/fapi/getAccessTokenByIdToken'
import { createDpop } from '@genauth-oidc/fapi/createDpop'
import { exchangeToken } from '@genauth-oidc/fapi/exchangeToken'
import { pollBackchannelToken } from '@genauth-oidc/fapi/pollBackchannelToken'
import { pollDeviceToken } from '@genauth-oidc/fapi/pollDeviceToken'
import { pushAuthorizationRequest } from '@genauth-oidc/fapi/pushAuthorizationRequest'
import { readBackchannelPing } from '@genauth-oidc/fapi/readBackchannelPing'
import { signAssertion } from '@genauth-oidc/fapi/signAssertion'
import { startBackchannelAuthentication } from '@genauth-oidc/fapi/startBackchannelAuthentication'
import { startDeviceAuthorization } from '@genauth-oidc/fapi/startDeviceAuthorization'
import type { OidcConfig, RequestOptions } from '@genauth-oidc/core/types'
import { randomString } from '@genauth-oidc/core/randomString'
import { approveDevice } from '@genauth-oidc/emulator/approveDevice'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt } from 'jose'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { clientKey, errorOf, startProvider } from './support/fapi.js'

const servers: Server[] = []
afterAll(() => servers.forEach((server) => server.close()))

const login = async (config: OidcConfig, user = 'alice', options: RequestOptions = {}) => {
  const { url, transaction } = await beginLogin(config, { scope: 'openid profile' })
  return completeLogin(config, (await signIn(url, { user })).url, transaction, options)
}
const detail = { type: 'payment', amount: { currency: 'EUR', value: '123.50' } }

describe('authorization details (RFC 9396) and resources (RFC 8707)', () => {
  const resource = 'https://api.example.com/'
  const features = { par: true, authorizationDetails: ['payment', 'account'], resources: { [resource]: 'orders' } }

  it('are asked for in a pushed request and granted with the token, for a resource', async () => {
    const { config } = await startProvider(features)
    const { url, transaction } = await beginLogin(config, { scope: 'openid orders' })
    const short = await pushAuthorizationRequest(config, { link: url, authorizationDetails: [detail], resource })
    const { tokens } = await completeLogin(config, (await signIn(short)).url, transaction)
    expect(tokens.authorization_details).toEqual([detail])
    const claims = await verifyAccessToken(config, tokens.access_token, { audience: resource, profile: 'rfc9068' })
    expect(claims).toMatchObject({ scope: 'orders', authorization_details: [detail] })
  })

  it('are granted without a resource too, and are in the token, in introspection and after a refresh', async () => {
    const { config } = await startProvider(features)
    const { url, transaction } = await beginLogin(config, { scope: 'openid profile offline_access' })
    const short = await pushAuthorizationRequest(config, { link: url, authorizationDetails: [detail] })
    const { tokens, claims } = await completeLogin(config, (await signIn(short)).url, transaction)
    const next = await getNewAccessTokenByRefreshToken(config, {
      refreshToken: tokens.refresh_token!,
      previous: tokens,
    })
    for (const { access_token: token, authorization_details: granted } of [tokens, next]) {
      expect(granted).toEqual([detail])
      expect(await introspectToken(config, token)).toMatchObject({ active: true, authorization_details: [detail] })
      expect(await verifyAccessToken(config, token)).toMatchObject({ authorization_details: [detail] })
      expect((await getUserInfoByAccessToken(config, token)).sub).toBe(claims.sub)
    }
  })

  it('are those of one sign-in, and not of the one before', async () => {
    const { config } = await startProvider(features)
    const cookies = new Map<string, string>()
    const grantedFor = async (...authorizationDetails: { type: string }[]) => {
      const { url, transaction } = await beginLogin(config, { scope: 'openid' })
      const link = authorizationDetails.length
        ? await pushAuthorizationRequest(config, { link: url, authorizationDetails })
        : url
      const { tokens } = await completeLogin(config, (await signIn(link, { cookies })).url, transaction)
      return tokens.authorization_details
    }
    expect(await grantedFor(detail)).toEqual([detail])
    expect(await grantedFor({ type: 'account' })).toEqual([{ type: 'account' }])
    expect(await grantedFor()).toBeUndefined()
  })

  it('are granted by another device', async () => {
    const { config } = await startProvider({ ...features, ciba: true, deviceFlow: true })
    const params = { scope: 'openid', authorizationDetails: [detail] }
    const options = { wait: async () => undefined }
    const begun = await startBackchannelAuthentication(config, { ...params, loginHint: 'alice' })
    const device = await startDeviceAuthorization(config, params)
    await approveDevice(device.verificationUriComplete!)
    for (const tokens of [
      await pollBackchannelToken(config, begun, options),
      await pollDeviceToken(config, device, options),
    ])
      expect(tokens.authorization_details).toEqual([detail])
  })

  it('are refused in the server’s words when it knows no such type or resource', async () => {
    const { config } = await startProvider(features, { authorization_details_types: ['payment'] })
    const { url } = await beginLogin(config, { scope: 'openid' })
    for (const type of ['unknown', 'account'])
      expect(
        await errorOf(pushAuthorizationRequest(config, { link: url, authorizationDetails: [{ type }] })),
      ).toMatchObject({ error: 'invalid_authorization_details' })
    expect(
      await errorOf(pushAuthorizationRequest(config, { link: url, resource: 'https://other.example.com/' })),
    ).toMatchObject({ error: 'invalid_target' })
  })
})

describe('back-channel sign-in in ping mode (CIBA section 10.2)', () => {
  it.each(['approve', 'deny'] as const)('is decided by the time the provider calls: %s', async (decision) => {
    const clientNotificationToken = randomString()
    const appOf = { appId: 'app', issuer: 'https://id.example.com' } as const
    const pings: string[] = []
    const wrong: string[] = []
    const server = createServer((req, res) => {
      void (async () => {
        const chunks: Buffer[] = []
        for await (const chunk of req) chunks.push(chunk as Buffer)
        const headers = { authorization: String(req.headers.authorization), 'content-type': 'application/json' }
        const make = () =>
          new Request('http://127.0.0.1/ping', { method: 'POST', headers, body: Buffer.concat(chunks) })
        pings.push((await readBackchannelPing(appOf, make(), { clientNotificationToken })).authReqId)
        const other = await errorOf(readBackchannelPing(appOf, make(), { clientNotificationToken: randomString() }))
        wrong.push(String(other['check']))
        res.writeHead(204).end()
      })()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    const { config } = await startProvider(
      { ciba: { decide: () => decision } },
      {
        backchannel_token_delivery_mode: 'ping',
        backchannel_client_notification_endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping`,
      },
    )
    const params = { loginHint: 'alice', scope: 'openid' }
    expect(await errorOf(startBackchannelAuthentication(config, params))).toMatchObject({ error: 'invalid_request' })
    const begun = await startBackchannelAuthentication(config, { ...params, clientNotificationToken })
    await vi.waitFor(() => expect(wrong).toEqual(['signature']))
    expect(pings).toEqual([begun.authReqId])
    const waits: number[] = []
    const polled = pollBackchannelToken(config, begun, {
      pinged: true,
      wait: async (milliseconds) => void waits.push(milliseconds),
    })
    if (decision === 'deny') expect(await errorOf(polled)).toMatchObject({ error: 'access_denied' })
    else expect((await polled).claims).toMatchObject({ aud: config.appId })
    expect(waits).toEqual([])
  })
})

describe('tokens for an assertion (RFC 7523)', () => {
  it('are given for one that the client signed, once, and not for another key’s', async () => {
    const [registered, other] = [await clientKey('PS256'), await clientKey('PS256')]
    const { config } = await startProvider({ jwtBearer: true }, { jwks: { keys: [registered.jwk] } })
    const carol = await login(config, 'carol')
    // By the name, and by the id of somebody who has signed in.
    for (const subject of ['carol', carol.claims.sub]) {
      const assertion = await signAssertion(config, { subject, key: registered })
      const tokens = await getAccessTokenByAssertion(config, { assertion, scope: 'openid profile' })
      expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'openid profile' })
      const info = await getUserInfoByAccessToken(config, tokens.access_token)
      expect(info).toMatchObject({ sub: carol.claims.sub, preferred_username: 'carol' })
      expect(await errorOf(getAccessTokenByAssertion(config, { assertion }))).toMatchObject({
        error: 'invalid_grant',
        errorDescription: expect.stringContaining('jti was used before'),
      })
    }
    const forged = await signAssertion(config, { subject: 'carol', key: other })
    const error = await errorOf(getAccessTokenByAssertion(config, { assertion: forged }))
    expect(error).toMatchObject({ error: 'invalid_grant' })
    expect(JSON.stringify(error)).not.toContain(forged)
  })

  it('are given for one of a trusted issuer, for a resource, bound to a key', async () => {
    const key = await clientKey('ES256')
    const issuer = 'https://sts.example.com'
    const resource = 'https://api.example.com/'
    const { config } = await startProvider({
      jwtBearer: { issuers: { [issuer]: { keys: [key.jwk] } } },
      resources: { [resource]: 'read write' },
      dpop: { forceNonce: true },
    })
    const dpop = await createDpop(config)
    const assertion = await signAssertion(config, { subject: 'carol', key, issuer })
    const tokens = await getAccessTokenByAssertion(config, { assertion, resource, scope: 'read' }, { dpop })
    expect(tokens).toMatchObject({ token_type: 'DPoP', scope: 'read' })
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: resource, cnf: { jkt: expect.any(String) } })
    const own = await signAssertion(config, { subject: 'carol', key })
    expect(await errorOf(getAccessTokenByAssertion(config, { assertion: own }))).toMatchObject({
      error: 'invalid_grant',
    })
  })
})

describe('tokens for an ID token, GenAuth’s own grant', () => {
  it('are given for one that the application got, without a secret', async () => {
    const { config, emulator } = await startProvider({ authingToken: true })
    const { tokens, claims } = await login(config)
    const more = await getAccessTokenByIdToken(config, { idToken: tokens.id_token, scope: 'openid email' })
    expect(more).toMatchObject({ token_type: 'Bearer', scope: 'openid email' })
    const info = await getUserInfoByAccessToken(config, more.access_token)
    expect(info).toMatchObject({ sub: claims.sub, email: 'alice@example.com' })

    const refused = async (idToken: string, own = config) =>
      (await errorOf(getAccessTokenByIdToken(own, { idToken })))['error']
    expect(await refused('an.id.token')).toBe('invalid_grant')
    expect(await refused(tokens.access_token)).toBe('invalid_grant')
    expect(await refused(tokens.id_token, emulator.apps[1]!.config as OidcConfig)).toBe('invalid_grant')
  })
})

describe('token exchange with a proof (RFC 9449 section 5)', () => {
  it.each([false, true])('binds the token to the key, nonces demanded: %s', async (forceNonce) => {
    const { config, statuses } = await startProvider({ tokenExchange: true, dpop: { forceNonce } })
    const { tokens } = await login(config)
    const dpop = await createDpop(config)
    const params = { subjectToken: tokens.access_token, subjectTokenType: 'access_token' } as const
    const bound = await exchangeToken(config, params, { dpop })
    expect(bound.token_type).toBe('DPoP')
    expect(await introspectToken(config, bound.access_token)).toMatchObject({ cnf: { jkt: expect.any(String) } })
    expect(statuses('/oidc/token')).toEqual(forceNonce ? [200, 400, 200] : [200, 200])
    // A bound token is worth nothing without its key, here as anywhere.
    const again = { ...params, subjectToken: bound.access_token }
    expect(await errorOf(exchangeToken(config, again))).toMatchObject({ error: 'invalid_grant' })
    const further = await exchangeToken(config, again, { dpop })
    expect(further.token_type).toBe('DPoP')
  })
})

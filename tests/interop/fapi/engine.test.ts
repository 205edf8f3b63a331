import { getAccessTokenByAssertion } from '@genauth-oidc/fapi/getAccessTokenByAssertion'
import { getAccessTokenByIdToken } from '@genauth-oidc/fapi/getAccessTokenByIdToken'
import { pollBackchannelToken } from '@genauth-oidc/fapi/pollBackchannelToken'
import { pushAuthorizationRequest } from '@genauth-oidc/fapi/pushAuthorizationRequest'
import { readBackchannelPing } from '@genauth-oidc/fapi/readBackchannelPing'
import { signAssertion } from '@genauth-oidc/fapi/signAssertion'
import { startBackchannelAuthentication } from '@genauth-oidc/fapi/startBackchannelAuthentication'
import { randomString } from '@genauth-oidc/core/randomString'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { clientKey, errorOf } from './support/fapi.js'
import { startEngine } from './support/startEngine.js'

const servers: Server[] = []
afterAll(() => servers.forEach((server) => server.close()))

describe('authorization details (RFC 9396) and resources (RFC 8707)', () => {
  it('are asked for in a pushed request and granted with the token', async () => {
    const { config } = await startEngine({ authorization_details_types: ['payment'] })
    const { url, transaction } = await beginLogin(config, { scope: 'openid' })
    const detail = { type: 'payment', amount: { currency: 'EUR', value: '123.50' } }
    const short = await pushAuthorizationRequest(config, {
      link: url,
      authorizationDetails: [detail],
      resource: 'https://api.example.com/',
    })
    const { tokens } = await completeLogin(config, (await signIn(short)).url, transaction)
    expect(tokens.authorization_details).toEqual([detail])
    expect(await introspectToken(config, tokens.access_token)).toMatchObject({
      active: true,
      aud: 'https://api.example.com/',
      authorization_details: [detail],
    })
  })

  it('are refused in the server’s words when it knows no such type or resource', async () => {
    const { config } = await startEngine({ authorization_details_types: ['payment'] })
    const { url } = await beginLogin(config, { scope: 'openid' })
    expect(
      await errorOf(pushAuthorizationRequest(config, { link: url, authorizationDetails: [{ type: 'unknown' }] })),
    ).toMatchObject({ error: 'invalid_authorization_details' })
    expect(
      await errorOf(pushAuthorizationRequest(config, { link: url, resource: 'https://other.example.com/' })),
    ).toMatchObject({ error: 'invalid_target' })
  })
})

describe('back-channel sign-in in ping mode (CIBA section 10.2)', () => {
  it('gives tokens with one question once the provider has called', async () => {
    const clientNotificationToken = randomString()
    const pings: string[] = []
    const wrong: string[] = []
    const server = createServer((req, res) => {
      void (async () => {
        const chunks: Buffer[] = []
        for await (const chunk of req) chunks.push(chunk as Buffer)
        const headers = { authorization: String(req.headers.authorization), 'content-type': 'application/json' }
        const make = () =>
          new Request('http://127.0.0.1/ping', { method: 'POST', headers, body: Buffer.concat(chunks) })
        const appOf = { appId: 'app', issuer: 'https://id.example.com' } as const
        pings.push((await readBackchannelPing(appOf, make(), { clientNotificationToken })).authReqId)
        const other = await errorOf(readBackchannelPing(appOf, make(), { clientNotificationToken: randomString() }))
        wrong.push(String(other['check']))
        res.writeHead(204).end()
      })()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    const { config, decide } = await startEngine({
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}/ping`,
    })
    const begun = await startBackchannelAuthentication(config, {
      loginHint: 'alice',
      scope: 'openid',
      clientNotificationToken,
    })
    await decide()
    await expect.poll(() => pings).toEqual([begun.authReqId])
    expect(wrong).toEqual(['signature'])
    const waits: number[] = []
    const tokens = await pollBackchannelToken(config, begun, {
      pinged: true,
      wait: async (milliseconds) => void waits.push(milliseconds),
    })
    expect(tokens.claims).toMatchObject({ sub: 'alice', aud: 'app' })
    expect(waits).toEqual([])
  })
})

describe('tokens for an assertion (RFC 7523)', () => {
  it('are given for one that the client signed, and not for another key’s', async () => {
    const [trusted, other] = [await clientKey('PS256'), await clientKey('PS256')]
    const { config } = await startEngine({}, [trusted.jwk])
    const assertion = await signAssertion(config, { subject: 'carol', key: trusted })
    const tokens = await getAccessTokenByAssertion(config, { assertion, scope: 'orders' })
    expect(await introspectToken(config, tokens.access_token)).toMatchObject({
      active: true,
      sub: 'carol',
      scope: 'orders',
    })
    const forged = await signAssertion(config, { subject: 'carol', key: other })
    const error = await errorOf(getAccessTokenByAssertion(config, { assertion: forged }))
    expect(error).toMatchObject({ error: 'invalid_grant' })
    expect(JSON.stringify(error)).not.toContain(forged)
  })
})

describe('tokens for an ID token, GenAuth’s own grant', () => {
  it('are asked for as GenAuth’s SDKs do: without a secret, the token beside the redirect URI', async () => {
    const { config, forms } = await startEngine({ token_endpoint_auth_method: 'none' })
    const tokens = await getAccessTokenByIdToken(config, { idToken: 'an.id.token', scope: 'openid' })
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'openid' })
    expect(forms).toEqual([
      expect.objectContaining({ token: 'an.id.token', scope: 'openid', redirect_uri: config.redirectUri }),
    ])
  })
})

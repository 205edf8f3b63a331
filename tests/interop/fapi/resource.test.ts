import { discover } from '@genauth-oidc/core/discover'
import type { OidcConfig, RequestLike, RequestOptions } from '@genauth-oidc/core/types'
import { signIn } from '@genauth-oidc/emulator/signIn'
import type { EmulatorFeatures } from '@genauth-oidc/emulator/types'
import { createDpop } from '@genauth-oidc/fapi/createDpop'
import { fetchResource } from '@genauth-oidc/fapi/fetchResource'
import { pushAuthorizationRequest } from '@genauth-oidc/fapi/pushAuthorizationRequest'
import { readProtectedResource } from '@genauth-oidc/fapi/readProtectedResource'
import { readServerMetadata } from '@genauth-oidc/fapi/readServerMetadata'
import { verifyDpopRequest } from '@genauth-oidc/fapi/verifyDpopRequest'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { readCallback } from '@genauth-oidc/urls/readCallback'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { describe, expect, it } from 'vitest'
import { errorOf, startProvider } from './support/fapi.js'

const insecure = { allowInsecureRequests: true } as const

/** Starts a provider and, on the same server, an API that knows no more than the provider's name and its own. */
async function startApi(bound: boolean) {
  const own: { resource?: string; config?: OidcConfig } = {}
  const seen: string[] = []
  const api = async (request: RequestLike): Promise<Response> => {
    const { resource = '', config } = own
    const check = bound ? verifyDpopRequest : verifyAccessToken
    try {
      const { sub, scope } = await check(config!, request, {
        audience: resource,
        profile: 'rfc9068',
        scope: 'orders:read',
      })
      return Response.json({ sub, scope })
    } catch (error) {
      seen.push((error as { check: string }).check)
      const { origin, pathname } = new URL(resource)
      const where = `resource_metadata="${origin}/.well-known/oauth-protected-resource${pathname}"`
      const headers = { 'www-authenticate': `${bound ? 'DPoP' : 'Bearer'} error="invalid_token", ${where}` }
      return new Response(null, { status: 401, headers })
    }
  }
  const features: EmulatorFeatures = {
    par: true,
    ...(bound && { dpop: { forceNonce: true } }),
    resources: { '/api/orders': 'orders:read orders:write', '/api/others': 'orders:read' },
    api,
  }
  const { config, emulator, statuses } = await startProvider(features)
  own.resource = `${emulator.appHost}/api/orders`
  // The API is no client: it has no secret, and needs the issuer and its keys only.
  own.config = await discover({ ...insecure, appId: own.resource, issuer: emulator.issuer })
  return { config, emulator, resource: own.resource, seen, statuses }
}

describe.each([{ bound: false }, { bound: true }])(
  'an API that says who issues tokens for it (RFC 9728), bound tokens: $bound',
  ({ bound }) => {
    it('is called by an application that knew nothing but its address', async () => {
      const { config: registered, resource, seen, statuses } = await startApi(bound)

      // Refused first, and told where to read on (section 5.1).
      const refused = await fetchResource(insecure, { url: resource, accessToken: 'none' })
      expect(refused.status).toBe(401)
      const [, where] = /resource_metadata="([^"]*)"/.exec(refused.headers.get('www-authenticate')!)!
      expect(seen).toEqual([bound ? 'missing' : 'format'])

      // What the API says of itself, and who issues its tokens.
      const about = await readProtectedResource(insecure, resource)
      expect(await (await fetch(where!)).json()).toEqual(about)
      const [issuer] = about.authorization_servers!

      // The server that it names: the application is registered there.
      const { appId, secret, redirectUri, idTokenSigningAlgs } = registered as OidcConfig & { secret: string }
      const config = await discover({ ...insecure, appId, secret, redirectUri, idTokenSigningAlgs, issuer })
      expect(config.issuer).toBe(issuer)
      const metadata = await readServerMetadata(config)

      // A sign-in that asks for a token for this API (RFC 8707).
      const options: RequestOptions = bound ? { dpop: await createDpop(config) } : {}
      const { url: link, transaction } = await beginLogin(config, { scope: 'openid orders:read' })
      const url = await pushAuthorizationRequest(config, { link, resource }, { ...options, metadata })
      const { tokens, claims } = await completeLogin(config, (await signIn(url)).url, transaction, options)

      const { access_token: accessToken } = tokens
      const answer = await fetchResource(config, { url: `${resource}?page=1`, accessToken }, options)
      expect([answer.status, await answer.json()]).toEqual([200, { sub: claims.sub, scope: 'orders:read' }])
      expect(statuses('/api/orders')).toEqual([401, 200])
    })

    it('takes a token of a sign-in for several, once a code exchange or a refresh names this one', async () => {
      const { config, emulator, resource, seen } = await startApi(bound)
      const options: RequestOptions = bound ? { dpop: await createDpop(config) } : {}
      const other = `${emulator.appHost}/api/others`
      const { url: link, transaction } = await beginLogin(config, { scope: 'openid offline_access orders:read' })
      const url = await pushAuthorizationRequest(config, { link, resource: [resource, other] }, options)
      const { code } = await readCallback(config, (await signIn(url)).url, transaction)
      const first = await getAccessTokenByCode(config, { ...transaction, code, resource: other }, options)
      const refresh = { refreshToken: first.refresh_token!, previous: first, resource }
      const next = await getNewAccessTokenByRefreshToken(config, refresh, options)
      const call = async ({ access_token: accessToken }: TokenResponse) =>
        (await fetchResource(config, { url: resource, accessToken }, options)).status
      expect([await call(first), await call(next)]).toEqual([401, 200])
      expect(seen).toEqual(['aud'])
    })

    it('takes no token that was issued for another API, or for none', async () => {
      const { config, emulator, resource, seen } = await startApi(bound)
      const options: RequestOptions = bound ? { dpop: await createDpop(config) } : {}
      for (const other of [`${emulator.appHost}/api/others`, undefined]) {
        const { url: link, transaction } = await beginLogin(config, { scope: 'openid orders:read' })
        const url = await pushAuthorizationRequest(config, { link, resource: other }, options)
        const { tokens } = await completeLogin(config, (await signIn(url)).url, transaction, options)
        const params = { url: resource, accessToken: tokens.access_token }
        expect((await fetchResource(config, params, options)).status).toBe(401)
      }
      // For another API; and GenAuth's own shape, which is no at+jwt.
      expect(seen).toEqual(['aud', 'typ'])
    })
  },
)

describe('what an API says of itself', () => {
  it('is refused where it speaks of another address or of issuers without ours', async () => {
    const { emulator, resource } = await startApi(false)
    const { appHost, issuer } = emulator
    const ours = { ...insecure, appHost }
    expect(await readProtectedResource(ours, resource)).toMatchObject({ authorization_servers: [issuer] })
    const { origin, pathname } = new URL(resource)
    const neighbour = async () => {
      const answer = await fetch(`${origin}/.well-known/oauth-protected-resource${pathname}`)
      return Response.json(await answer.json())
    }
    expect(await errorOf(readProtectedResource(ours, `${resource}/`, { fetch: neighbour }))).toMatchObject({
      reason: 'issuer',
    })
    const other = { ...insecure, issuer: `${issuer}/` }
    expect(await errorOf(readProtectedResource(other, resource))).toMatchObject({ reason: 'issuer' })
    // Nobody speaks of an API that is not there, be it by one slash (RFC 9728 section 3.1).
    for (const unknown of [`${appHost}/api`, `${resource}/`])
      expect(await errorOf(readProtectedResource(ours, unknown))).toMatchObject({
        code: 'response_invalid',
        endpoint: 'protectedResource',
        status: 404,
      })
  })
})

import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type { CasConfig, Config, OauthConfig, OidcConfig, SamlConfig } from '@genauth-oidc/core/types'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { signOut } from '@genauth-oidc/emulator/signOut'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator } from '@genauth-oidc/emulator/types'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
import { readCallback } from '@genauth-oidc/urls/readCallback'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callbackOf, codeOf, configBy, configOf, failure, tokensOf } from './internal/flows.js'

let emulator: Emulator
let oidc: OidcConfig
let oauth: OauthConfig
let saml: SamlConfig
let cas: CasConfig
beforeAll(async () => {
  emulator = await startEmulator()
  const { appHost, apps } = emulator
  const { appId, redirectUris } = apps[0]
  const links = { appId, appHost, redirectUri: redirectUris[0], allowInsecureRequests: true } as const
  oidc = configOf(apps[0])
  oauth = configBy('oauth', apps[0]) as OauthConfig
  saml = defineConfig({ ...links, protocol: 'saml' })
  cas = defineConfig({ ...links, protocol: 'cas' })
})
afterAll(() => emulator.stop())

const stateOf = (url: URL): string => url.searchParams.get('state') ?? ''

describe('OAuth 2.0', () => {
  it('asks for the scope user, and gives opaque tokens without an ID token', async () => {
    const url = buildAuthorizeUrl(oauth)
    expect(url.searchParams.get('scope')).toBe('user')
    expect(url.searchParams.has('nonce')).toBe(false)
    const { code } = await readCallback(oauth, callbackOf(await signIn(url)), { state: stateOf(url) })
    const tokens = await getAccessTokenByCode(oauth, { code })
    expect(tokens.access_token).toMatch(/^[\da-f]{40}$/)
    expect(tokens).not.toHaveProperty('id_token')
    expect(tokens).not.toHaveProperty('claims')
  })

  it('[R6] has the response type token, whose token comes in the fragment', async () => {
    const url = buildAuthorizeUrl(oauth, { responseType: 'token' })
    const { url: callback } = await signIn(url)
    expect(new URL(callback).search).toBe('')
    const answer = await readCallback(oauth, callback, { state: stateOf(url), responseType: 'token' })
    expect(answer).not.toHaveProperty('code')
    expect(await getUserInfoByAccessToken(oauth, answer.access_token)).toMatchObject({ email: 'alice@example.com' })
    expect(await introspectToken(oauth, answer.access_token)).toMatchObject({ active: true, scope: 'user' })
  })

  it('brings the refusal of the user as an error', async () => {
    for (const responseType of ['code', 'token'] as const) {
      const url = buildAuthorizeUrl(oauth, { responseType })
      const { url: callback } = await signIn(url, { deny: true })
      const reading = readCallback(oauth, callback, { state: stateOf(url), responseType })
      expect(await failure(reading, 'authorization_error')).toMatchObject({ error: 'access_denied' })
    }
  })

  it('has tokens of its own: those of OpenID Connect are none of them, and the other way round', async () => {
    const [one, two] = await Promise.all([tokensOf(oidc), tokensOf(oauth)])
    expect(await introspectToken(oauth, one.access_token)).toEqual({ active: false })
    // To revoke what the OAuth side does not know is no error, and does nothing.
    expect(await revokeToken(oauth, one.access_token)).toBe(true)
    expect(await introspectToken(oidc, one.access_token)).toMatchObject({ active: true })
    expect(await introspectToken(oidc, two.access_token)).toEqual({ active: false })
    const question = getUserInfoByAccessToken(oauth, one.access_token)
    expect(await failure(question, 'endpoint_error', [one.access_token])).toMatchObject({ error: 'invalid_token' })
    const { code } = await codeOf(oauth)
    expect(await failure(getAccessTokenByCode(oidc, { code }), 'endpoint_error', [code])).toMatchObject({
      error: 'invalid_grant',
    })
  })
})

describe('SAML', () => {
  it('has a link of the application, at which GenAuth answers', async () => {
    const url = buildAuthorizeUrl(saml)
    expect(url.href).toBe(`${emulator.appHost}/api/v2/saml-idp/${saml.appId}`)
    expect((await fetch(url)).status).toBe(200)
  })
})

describe('CAS', () => {
  const ticketOf = async (service: string): Promise<string> => {
    const { url } = await signIn(buildAuthorizeUrl(cas, { service }))
    expect(url.startsWith(service)).toBe(true)
    return new URL(url).searchParams.get('ticket') ?? ''
  }
  const check = async (service: string, ticket: string): Promise<string> => {
    const url = new URL(`${emulator.appHost}/cas-idp/${cas.appId}/validate`)
    url.search = new URLSearchParams({ service, ticket }).toString()
    return (await fetch(url)).text()
  }

  it('has a link that brings a ticket to the service, good for one check', async () => {
    const service = 'http://localhost:3000/callback'
    const ticket = await ticketOf(service)
    expect(await check(service, ticket)).toBe('yes\nalice\n')
    expect(await check(service, ticket)).toBe('no\n\n')
  })

  it('encodes a service that has a query, so that all of it arrives', async () => {
    const service = 'http://localhost:3000/callback?a=1&b=2'
    const ticket = await ticketOf(service)
    expect(await check('http://localhost:3000/callback?a=1', ticket)).toBe('no\n\n')
    expect(await check(service, await ticketOf(service))).toBe('yes\nalice\n')
  })
})

describe('signing out', () => {
  /** Whether a link that may ask nobody still brings a code. */
  const isSignedIn = async (cookies: Map<string, string>): Promise<boolean> => {
    const url = buildAuthorizeUrl(oidc, { prompt: 'none' })
    const callback = callbackOf(await signIn(url, { cookies }))
    return readCallback(oidc, callback, { state: stateOf(url) }).then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'authorization_error', error: 'login_required' })
        return false
      },
    )
  }
  const signedIn = async () => {
    const cookies = new Map<string, string>()
    const tokens = await tokensOf(oidc, {}, { cookies })
    expect(await isSignedIn(cookies)).toBe(true)
    return { cookies, tokens }
  }

  it.each<[string, () => Config]>([
    ['oidc', () => oidc],
    ['oauth', () => oauth],
    ['saml', () => saml],
  ])('by the easy link of %s ends the session, and leads to any address', async (_, config) => {
    const { cookies } = await signedIn()
    const url = buildLogoutUrl(config(), { redirectUri: 'https://www.genauth.ai/a?b=1&c=2' })
    expect(await signOut(url, { cookies })).toEqual({ url: 'https://www.genauth.ai/a?b=1&c=2' })
    expect(await isSignedIn(cookies)).toBe(false)
  })

  it('by the easy link without an address ends on a page of GenAuth', async () => {
    const { cookies } = await signedIn()
    expect(await signOut(buildLogoutUrl(oidc), { cookies })).toEqual({
      url: `${emulator.appHost}/login/profile/logout`,
    })
    expect(await isSignedIn(cookies)).toBe(false)
  })

  it('by the standard link ends the session, leads to a registered address, and brings the state back', async () => {
    const { cookies, tokens } = await signedIn()
    const url = buildLogoutUrl(oidc, {
      expert: true,
      idToken: tokens.id_token,
      redirectUri: 'http://localhost:3000',
      state: 'a state',
    })
    expect(await signOut(url, { cookies })).toEqual({ url: 'http://localhost:3000/?state=a+state' })
    expect(await isSignedIn(cookies)).toBe(false)
  })

  it('by the standard link does not lead to an address that is not registered', async () => {
    const { cookies, tokens } = await signedIn()
    const url = buildLogoutUrl(oidc, {
      expert: true,
      idToken: tokens.id_token,
      redirectUri: 'https://evil.example/',
    })
    await expect(signOut(url, { cookies })).rejects.toThrow(/post_logout_redirect_uri not registered/)
    expect(await isSignedIn(cookies)).toBe(true)
  })

  it('by the link of CAS ends the session there', async () => {
    const cookies = new Map<string, string>()
    const service = 'http://localhost:3000/callback'
    await signIn(buildAuthorizeUrl(cas, { service }), { cookies, user: 'dave' })
    const url = buildLogoutUrl(cas, { redirectUri: 'http://localhost:3000/bye?a=1&b=2' })
    expect(await signOut(url, { cookies })).toEqual({ url: 'http://localhost:3000/bye?a=1&b=2' })
    // Nobody is known there any more: the next link asks, and another person answers.
    const again = await signIn(buildAuthorizeUrl(cas, { service }), { cookies, user: 'erin' })
    const ticket = new URL(again.url).searchParams.get('ticket') ?? ''
    const check = new URL(`${emulator.appHost}/cas-idp/${cas.appId}/validate`)
    check.search = new URLSearchParams({ service, ticket }).toString()
    expect(await (await fetch(check)).text()).toBe('yes\nerin\n')
  })
})

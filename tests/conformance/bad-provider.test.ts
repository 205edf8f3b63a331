import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { discover } from '@genauth-oidc/core/discover'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { createDpop } from '@genauth-oidc/fapi/createDpop'
import { PrivateKeyJwt } from '@genauth-oidc/fapi/PrivateKeyJwt'
import { pushAuthorizationRequest } from '@genauth-oidc/fapi/pushAuthorizationRequest'
import { readServerMetadata } from '@genauth-oidc/fapi/readServerMetadata'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { browse } from './bad-provider/browse.js'
import { clientKeys } from './bad-provider/clients/fapi/clientKeys.js'
import { ours } from './bad-provider/clients/ours.js'
import { collectResults } from './bad-provider/collectResults.js'
import { createRunner } from './bad-provider/createRunner.js'
import { judge } from './bad-provider/judge.js'
import { loadModules } from './bad-provider/loadModules.js'
import { applies, nameOf, variantsOf } from './bad-provider/profiles.js'
import { startBadProvider } from './bad-provider/provider/startBadProvider.js'
import { renderReport, reportUrl } from './bad-provider/renderReport.js'
import type { Registration, Run } from './bad-provider/types.js'

const provider = await startBadProvider()
afterAll(async () => provider.close())

const run = createRunner(provider)
const modules = await loadModules()
const running = modules.filter(applies)

describe.each(running)('$name: $provider', (module) => {
  const cases = module.profiles.flatMap((profile) =>
    variantsOf(module, profile).map((variant) => [`${profile}: ${nameOf(variant)}`, variant] as const),
  )
  it.each(cases)('%s', async (_, variant) => {
    expect(judge(module, variant, await run(ours, module, variant))).toEqual([])
  })
})

describe('the page of results', () => {
  it('is what the command would write, and counts the cases of the suite', async () => {
    const results = await collectResults(modules, run)
    expect(results.failures).toEqual([])
    expect(readFileSync(reportUrl, 'utf8')).toBe(await renderReport(results))
    // As many as the suite's own plans have, WebFinger and registration apart.
    expect(Object.fromEntries(results.profiles.map(({ profile, cases }) => [profile, cases]))).toMatchObject({
      Basic: 14,
      Implicit: 27,
      Hybrid: 48,
      'Form Post (Basic)': 14,
      'Form Post (Implicit)': 27,
      'Form Post (Hybrid)': 48,
      Config: 6,
      Refresh: 3,
      'RP-initiated logout': 3,
      'Back-channel logout': 8,
      'FAPI 2': 23,
      'FAPI 2, message signing': 9,
    })
  }, 120_000)
})

describe('the provider itself notices a careless client', () => {
  const variant = { responseType: 'code', alg: 'RS256' } as const
  const verifier = 'a'.repeat(43)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const open = (registration?: Registration) => provider.open(variant, {}, registration)
  const linkOf = ({ issuer, client }: Run, changes: Record<string, string | undefined> = {}) => {
    const params = {
      client_id: client.id,
      redirect_uri: client.redirectUri,
      response_type: 'code',
      scope: 'openid',
      state: 'a-state',
      nonce: 'a-nonce',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...changes,
    }
    const url = new URL(`${issuer}/authorize`)
    for (const [name, value] of Object.entries(params)) if (value !== undefined) url.searchParams.set(name, value)
    return url
  }
  const codeOf = async (run: Run) => new URL((await browse(linkOf(run))).url).searchParams.get('code') ?? ''
  const exchange = async (
    { issuer, client }: Run,
    changes: Record<string, string>,
    headers: Record<string, string> = {},
  ) => {
    const { id, secret, redirectUri } = client
    const form = { client_id: id, client_secret: secret, redirect_uri: redirectUri, code_verifier: verifier }
    const body = new URLSearchParams({ grant_type: 'authorization_code', ...form, ...changes })
    const response = await fetch(`${issuer}/token`, { method: 'POST', body, headers })
    return (await response.json()) as { access_token?: string; error?: string }
  }

  it('and none in a careful one', async () => {
    const run = open()
    const { access_token } = await exchange(run, { code: await codeOf(run) })
    const answer = await fetch(`${run.issuer}/userinfo`, { headers: { authorization: `Bearer ${access_token ?? ''}` } })
    expect(await answer.json()).toMatchObject({ sub: run.user.sub })
    expect(run.violations).toEqual([])
    expect(run.log).toEqual(['authorization', 'token', 'userinfo'])
  })

  it.each([
    ['another client', { client_id: 'another-client' }],
    ['another redirect URI', { redirect_uri: 'https://rp.example.com/callback/' }],
    ['another response type', { response_type: 'code id_token' }],
    ['a mode that was not agreed', { response_mode: 'fragment' }],
    ['no openid', { scope: 'profile openid2' }],
    ['no state', { state: undefined }],
    ['no nonce', { nonce: undefined }],
    ['no challenge', { code_challenge: undefined }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
    ['an empty parameter', { login_hint: '' }],
    ['the secret', { client_secret: 'a-secret' }],
    ['the verifier', { code_verifier: verifier }],
  ])('that asks for authorization with %s', async (_, changes) => {
    const run = open()
    await expect(browse(linkOf(run, changes))).rejects.toThrow('The provider refused the request')
    expect(run.violations).toHaveLength(1)
  })

  it('that sends a parameter twice', async () => {
    const run = open()
    const url = linkOf(run)
    url.searchParams.append('state', 'a-state')
    await expect(browse(url)).rejects.toThrow('no parameter comes twice')
  })

  it.each([
    ['another verifier', { code_verifier: 'b'.repeat(43) }, {}],
    ['another redirect URI', { redirect_uri: 'https://rp.example.com/' }, {}],
    ['another secret', { client_secret: 'a-secret' }, {}],
    ['another code', { code: 'a-code' }, {}],
    ['two methods of authentication', {}, { authorization: 'Basic YTpi' }],
    ['a refresh token that nobody gave', { grant_type: 'refresh_token', refresh_token: 'a-token' }, {}],
  ])('that asks for tokens with %s', async (_, changes, headers) => {
    const run = open()
    expect(await exchange(run, { code: await codeOf(run), ...changes }, headers)).toEqual({ error: 'invalid_request' })
    expect(run.violations.length).toBeGreaterThan(0)
  })

  it('that spends a code twice', async () => {
    const run = open()
    const code = await codeOf(run)
    await exchange(run, { code })
    expect(await exchange(run, { code })).toEqual({ error: 'invalid_request' })
    expect(run.violations).toEqual(['token: the code was not used before'])
  })

  it('that authenticates in the form where the header is registered', async () => {
    const run = open({ authMethod: 'client_secret_basic' })
    expect(await exchange(run, { code: await codeOf(run) })).toEqual({ error: 'invalid_request' })
  })

  it.each([
    ['in a query', (token: string) => [`?access_token=${token}`, {}] as const],
    ['by POST', (token: string) => ['', { method: 'POST', headers: { authorization: `Bearer ${token}` } }] as const],
    ['that nobody gave', () => ['', { headers: { authorization: 'Bearer a-token' } }] as const],
  ])('that sends an access token %s', async (_, send) => {
    const run = open()
    const { access_token } = await exchange(run, { code: await codeOf(run) })
    const [query, init] = send(access_token ?? '')
    expect((await fetch(`${run.issuer}/userinfo${query}`, init)).status).toBe(401)
    expect(run.violations.length).toBeGreaterThan(0)
  })

  describe('in FAPI 2', () => {
    const connect = async () => {
      const run = provider.open({ responseType: 'code', alg: 'ES256', fapi: 'plain' }, { dpopNonce: false })
      const config: OidcConfig = await discover({
        appId: run.client.id,
        issuer: run.issuer,
        redirectUri: run.client.redirectUri,
        tokenEndpointAuthMethod: PrivateKeyJwt((await clientKeys()).privateKey),
        idTokenSigningAlgs: ['ES256'],
        allowInsecureRequests: true,
      })
      const { url, transaction } = await beginLogin(config, { scope: 'openid' })
      const metadata = await readServerMetadata(config)
      return { run, config, url, transaction, push: async () => pushAuthorizationRequest(config, url, { metadata }) }
    }

    it('that pushes no request', async () => {
      const { run, url } = await connect()
      await expect(browse(url)).rejects.toThrow('the link says nothing but its request_uri')
      expect(run.log).not.toContain('par')
    })

    it('that follows a pushed request twice', async () => {
      const { push } = await connect()
      const link = await push()
      await browse(link)
      await expect(browse(link)).rejects.toThrow('the request_uri is good, and was not used before')
    })

    it('that pushes without an assertion', async () => {
      const { run } = await connect()
      const body = new URLSearchParams({ client_id: run.client.id })
      expect((await fetch(`${run.issuer}/par`, { method: 'POST', body })).status).toBe(400)
    })

    it('that sends an assertion twice', async () => {
      const { run, push } = await connect()
      const sent: string[] = []
      const send = globalThis.fetch
      const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
        if (typeof init?.body === 'string') sent.push(init.body)
        return send(url, init)
      })
      await push().finally(() => spy.mockRestore())
      const body = new URLSearchParams(sent[0])
      expect((await fetch(`${run.issuer}/par`, { method: 'POST', body })).status).toBe(400)
      expect(run.violations).toContain('par: a jti comes once')
    })

    it('that asks for tokens without a proof', async () => {
      const { run, config, push, transaction } = await connect()
      const { url } = await browse(await push())
      await expect(completeLogin(config, url, transaction)).rejects.toMatchObject({ code: 'endpoint_error' })
      expect(run.violations.join()).toMatch('token: there is a proof that holds')
    })

    it('that proves another key than the one that the token is bound to', async () => {
      const { run, config, push, transaction } = await connect()
      const { url } = await browse(await push())
      const { tokens } = await completeLogin(config, url, transaction, { dpop: await createDpop(config) })
      const dpop = await createDpop(config)
      const asked = getUserInfoByAccessToken(config, tokens.access_token, { dpop })
      await expect(asked).rejects.toMatchObject({ code: 'endpoint_error', status: 401 })
      expect(run.violations).toEqual(['userinfo: the proof is by the key that the token is bound to'])
    })
  })
})

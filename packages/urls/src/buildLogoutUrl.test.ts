import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { appHost, appId, redirectUri } from '../../../tests/support/tokens.js'
import { buildLogoutUrl, type ExpertLogoutParams, type LogoutParams } from './buildLogoutUrl.js'

const config = { appId, appHost, redirectUri } as const
const idToken = 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln'
const after = 'https://app.example.com/bye?a=b&c=d#e'
const parts = (url: URL) => [url.origin + url.pathname, Object.fromEntries(url.searchParams)]
const argument = async (params: unknown, fields: object = {}) =>
  (await failure(() => buildLogoutUrl({ ...config, ...fields }, params as LogoutParams), 'argument_invalid')).argument

describe("GenAuth's own logout link", () => {
  it.each(['oidc', 'oauth', 'saml', undefined] as const)('of protocol %s needs nothing', (protocol) => {
    expect(buildLogoutUrl({ ...config, protocol } as never).href).toBe(`${appHost}/login/profile/logout`)
  })

  it('never takes the redirect URI of sign-in as its default [R6]', () => {
    for (const protocol of ['oidc', 'oauth', 'saml', 'cas'])
      expect(buildLogoutUrl({ ...config, protocol } as never, {}).search).toBe('')
    expect(buildLogoutUrl(config, { expert: true, idToken }).searchParams.has('post_logout_redirect_uri')).toBe(false)
  })

  it('takes any address to go to, encoded whole [R3]', () => {
    expect(parts(buildLogoutUrl(config, { redirectUri: after }))).toEqual([
      `${appHost}/login/profile/logout`,
      { redirect_uri: after },
    ])
    expect(parts(buildLogoutUrl({ ...config, protocol: 'cas' }, { redirectUri: after }))).toEqual([
      `${appHost}/cas-idp/logout`,
      { url: after },
    ])
  })

  it('needs the host of GenAuth [R6]', async () => {
    const other = { appId, issuer: 'https://id.example.com' }
    expect((await failure(() => buildLogoutUrl(other), 'config_invalid')).issues[0]?.path).toBe('appHost')
  })

  it('takes no ID token: that is for expert mode', async () => {
    expect(await argument({ idToken })).toBe('idToken')
    expect(await argument({ idToken, expert: false })).toBe('idToken')
  })
})

describe('the standard logout link [N115]', () => {
  it('carries the ID token, the registered address and the state', () => {
    expect(parts(buildLogoutUrl(config, { expert: true, idToken, redirectUri: after, state: 's' }))).toEqual([
      `${appHost}/oidc/session/end`,
      { id_token_hint: idToken, post_logout_redirect_uri: after, state: 's' },
    ])
  })

  it('is at the endpoint that the config names, whose query is kept', () => {
    const endpoints = { endSession: 'https://id.example.com/end?tenant=1' }
    const url = buildLogoutUrl({ appId, issuer: 'https://id.example.com', endpoints }, { expert: true, idToken })
    expect(parts(url)).toEqual(['https://id.example.com/end', { tenant: '1', id_token_hint: idToken }])
  })

  it('is never guessed for another provider', async () => {
    const other = { appId, issuer: 'https://id.example.com' }
    const error = await failure(() => buildLogoutUrl(other, { expert: true, idToken }), 'config_invalid')
    expect(error.issues[0]?.path).toBe('endpoints.endSession')
  })

  it.each([undefined, '', null, 5, {}])('needs the ID token: %s is none', async (none) => {
    expect(await argument({ expert: true, idToken: none })).toBe('idToken')
  })

  it.each(['', null, 5, {}])('has a state that is a string, not %s', async (state) => {
    expect(await argument({ expert: true, idToken, state })).toBe('state')
  })

  it('does not exist for the other protocols, which have their one link', () => {
    const params = { expert: true, idToken } as ExpertLogoutParams
    expect(buildLogoutUrl({ ...config, protocol: 'oauth' } as never, params).href).toBe(
      `${appHost}/login/profile/logout`,
    )
  })
})

describe('every logout link', () => {
  it.each(['javascript:alert(1)', 'data:,x', '/bye', '', 'https://user:password@app.example.com/', 5, null, {}])(
    'refuses to lead to %s',
    async (redirectUri) => {
      expect(await argument({ redirectUri })).toBe('redirectUri')
      expect(await argument({ redirectUri }, { protocol: 'cas' })).toBe('redirectUri')
      expect(await argument({ redirectUri, expert: true, idToken })).toBe('redirectUri')
    },
  )

  it.each([null, 5, 'params', [], Symbol('params')])('refuses params that are %o', async (params) => {
    expect(await argument(params)).toBe('params')
  })

  it.each([undefined, null, 5, 'config'])('refuses a config that is %s', async (nothing) => {
    await failure(() => buildLogoutUrl(nothing as never))
  })

  it('gives its parameters back as they were', () =>
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.webUrl({ withFragments: true, withQueryParameters: true }),
        (text, address) => {
          const url = buildLogoutUrl(config, { expert: true, idToken: text, state: text, redirectUri: address })
          expect(Object.fromEntries(new URL(url.href).searchParams)).toEqual({
            id_token_hint: text,
            state: text,
            post_logout_redirect_uri: address,
          })
        },
      ),
    ))
})

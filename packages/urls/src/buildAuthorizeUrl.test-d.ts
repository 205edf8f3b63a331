import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type {
  CasConfig,
  Config,
  ConfigOf,
  OauthConfig,
  OidcConfig,
  Protocol,
  SamlConfig,
  TokenConfig,
} from '@genauth-oidc/core/types'
import { generatePkce } from '@genauth-oidc/pkce/generatePkce'
import { describe, expectTypeOf, test } from 'vitest'
import { buildAuthorizeUrl } from './buildAuthorizeUrl.js'
import { buildLogoutUrl } from './buildLogoutUrl.js'
import { readCallback } from './readCallback.js'
import type { AuthorizationResponse, AuthorizeParams, ResponseType } from './types.js'

declare const oidc: OidcConfig
declare const oauth: OauthConfig
declare const saml: SamlConfig
declare const cas: CasConfig
declare const either: TokenConfig
declare const any: Config
const codeChallenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

describe('buildAuthorizeUrl', () => {
  test('takes the params of its protocol', async () => {
    expectTypeOf(buildAuthorizeUrl(oidc)).toEqualTypeOf<URL>()
    buildAuthorizeUrl(oidc, { scope: 'openid', responseType: 'code id_token', responseMode: 'form_post', maxAge: 60 })
    buildAuthorizeUrl(oidc, { codeChallenge, codeChallengeMethod: 'plain' })
    buildAuthorizeUrl(oidc, { ...(await generatePkce()), extra: { claims: '{}' } })
    buildAuthorizeUrl(oidc, {}, { random: (bytes) => bytes.fill(0) })
    buildAuthorizeUrl(oauth, { responseType: 'token', scope: 'user' })
    buildAuthorizeUrl(saml)
    buildAuthorizeUrl(cas, { service: 'https://app.example.com/' })
    buildAuthorizeUrl(either, { state: 's' })
    buildAuthorizeUrl({ appId: 'app', appHost: 'https://a.genauth.ai' }, {})
    const build = (params: AuthorizeParams) => buildAuthorizeUrl(oidc, params)
    expectTypeOf(build).returns.toEqualTypeOf<URL>()
  })

  test('takes any config where the protocol is known at run time only', () => {
    expectTypeOf(buildAuthorizeUrl(any)).toEqualTypeOf<URL>()
    buildAuthorizeUrl(defineConfig({ appId: 'app', appHost: 'https://a.genauth.ai', protocol: 'cas' as Protocol }))
    const link = <P extends Protocol>(config: ConfigOf<P>) => buildAuthorizeUrl(config)
    expectTypeOf(link).returns.toEqualTypeOf<URL>()
    const signIn = <P extends 'oidc' | 'oauth'>(config: ConfigOf<P>) => buildAuthorizeUrl(config, { state: 's' })
    expectTypeOf(signIn).returns.toEqualTypeOf<URL>()
  })

  test('takes no params where it is not known whose they would be', () => {
    // @ts-expect-error SAML and CAS have no state
    buildAuthorizeUrl(any, { state: 's' })
    // @ts-expect-error only CAS has a service
    buildAuthorizeUrl(any, { service: 'https://app.example.com/' })
    // @ts-expect-error oauth has no ID token
    buildAuthorizeUrl(either, { responseType: 'id_token' })
    // @ts-expect-error an id alone is no config
    buildAuthorizeUrl({ appId: 'app' })
  })

  test('takes no method without a challenge', () => {
    // @ts-expect-error the challenge is missing
    buildAuthorizeUrl(oidc, { codeChallengeMethod: 'S256' })
    // @ts-expect-error and is missing here too
    buildAuthorizeUrl(oauth, { codeChallengeMethod: 'plain' })
    // @ts-expect-error there is no such method
    buildAuthorizeUrl(oidc, { codeChallenge, codeChallengeMethod: 'S512' })
  })

  test('takes no response type or mode that does not exist', () => {
    // @ts-expect-error a token alone exists for oauth only
    buildAuthorizeUrl(oidc, { responseType: 'token' })
    // @ts-expect-error oauth has no ID token
    buildAuthorizeUrl(oauth, { responseType: 'id_token' })
    // @ts-expect-error the words have an order
    buildAuthorizeUrl(oidc, { responseType: 'id_token code' })
    // @ts-expect-error that mode is not offered
    buildAuthorizeUrl(oidc, { responseMode: 'web_message' })
  })

  test('takes no param of another protocol, and none that does not exist', () => {
    // @ts-expect-error a nonce belongs to OpenID Connect
    buildAuthorizeUrl(oauth, { nonce: 'n' })
    // @ts-expect-error a service belongs to CAS
    buildAuthorizeUrl(oidc, { service: 'https://app.example.com/' })
    // @ts-expect-error CAS has no scope
    buildAuthorizeUrl(cas, { scope: 'openid' })
    // @ts-expect-error SAML has no params
    buildAuthorizeUrl(saml, { scope: 'openid' })
    // @ts-expect-error further parameters go into extra
    buildAuthorizeUrl(oidc, { resource: 'https://api.example.com' })
    // @ts-expect-error a parameter is a string
    buildAuthorizeUrl(oidc, { extra: { max: 5 } })
  })
})

describe('buildLogoutUrl', () => {
  test('has two forms', () => {
    expectTypeOf(buildLogoutUrl(oidc)).toEqualTypeOf<URL>()
    buildLogoutUrl(oidc, { redirectUri: 'https://app.example.com/' })
    buildLogoutUrl(oidc, { expert: true, idToken: 'a.b.c', redirectUri: 'https://app.example.com/', state: 's' })
    buildLogoutUrl(any, { redirectUri: 'https://app.example.com/' })
    for (const config of [oauth, saml, cas]) buildLogoutUrl(config)
  })

  test('takes an ID token in expert mode only, and always there', () => {
    // @ts-expect-error the ID token is missing
    buildLogoutUrl(oidc, { expert: true })
    // @ts-expect-error and is not taken without expert
    buildLogoutUrl(oidc, { idToken: 'a.b.c' })
    // @ts-expect-error nor with expert turned off
    buildLogoutUrl(oidc, { expert: false, idToken: 'a.b.c' })
    // @ts-expect-error the state is for expert mode
    buildLogoutUrl(oidc, { state: 's' })
    // @ts-expect-error expert mode is for OpenID Connect
    buildLogoutUrl(oauth, { expert: true, idToken: 'a.b.c' })
  })
})

describe('readCallback', () => {
  test('gives what the response type calls for, and no more', () => {
    expectTypeOf(readCallback(oidc, '?', { state: 's' })).resolves.toEqualTypeOf<AuthorizationResponse>()
    expectTypeOf<AuthorizationResponse>().toHaveProperty('code').toEqualTypeOf<string>()
    expectTypeOf<AuthorizationResponse>().not.toHaveProperty('id_token')
    expectTypeOf<AuthorizationResponse>().not.toHaveProperty('access_token')
    expectTypeOf<AuthorizationResponse<'id_token'>>().not.toHaveProperty('code')
    expectTypeOf<AuthorizationResponse<'id_token'>>().not.toHaveProperty('access_token')
    expectTypeOf<AuthorizationResponse<'code token'>>().toHaveProperty('access_token')
    expectTypeOf<AuthorizationResponse<'code token'>>().not.toHaveProperty('id_token')
    expectTypeOf<AuthorizationResponse<'code id_token token'>>().toHaveProperty('code')
    expectTypeOf<AuthorizationResponse<'code id_token token'>>().toHaveProperty('id_token')
    expectTypeOf<AuthorizationResponse<'code id_token token'>>().toHaveProperty('access_token')
    expectTypeOf<AuthorizationResponse<'none'>>().not.toHaveProperty('code')
    expectTypeOf<AuthorizationResponse<ResponseType>['state']>().toEqualTypeOf<string>()
    const hybrid = readCallback(oidc, '#', { state: 's', responseType: 'code id_token' })
    expectTypeOf(hybrid).resolves.toEqualTypeOf<AuthorizationResponse<'code id_token'>>()
  })

  test('takes a callback in each of its forms', () => {
    for (const callback of ['/cb?a=b', new URL('https://a.b/?c'), new URLSearchParams(), new Request('https://a.b/')])
      void readCallback(either, callback, { state: 's' })
  })

  test('takes nothing else', () => {
    // @ts-expect-error the state is needed
    void readCallback(oidc, '?', {})
    // @ts-expect-error what is expected is needed
    void readCallback(oidc, '?')
    // @ts-expect-error a state that may be missing has to be looked at first
    void readCallback(oidc, '?', { state: {} as string | undefined })
    // @ts-expect-error SAML has no such callback
    void readCallback(saml, '?', { state: 's' })
    // @ts-expect-error that is no callback
    void readCallback(oidc, { code: 'x' }, { state: 's' })
    // @ts-expect-error there is no such response type
    void readCallback(oidc, '?', { state: 's', responseType: 'token code' })
  })
})

import * as oauth from 'oauth4webapi'
import { describe, expectTypeOf, test } from 'vitest'
import { defineConfig } from './defineConfig.js'
import { discover } from './discover.js'
import { extendConfig } from './extendConfig.js'
import { createTransport } from './transport.js'
import type {
  CasConfig,
  ClientAuth,
  Config,
  ConfigInput,
  ConfigOf,
  DpopHandle,
  FetchLike,
  JsonStore,
  OauthConfig,
  OidcConfig,
  Protocol,
  RequestLike,
  RequestOptions,
  ResponseLike,
  SamlConfig,
  SigningAlg,
  TokenConfig,
} from './types.js'

const app = { appId: 'app', appHost: 'https://sample-app.genauth.ai' } as const
const secret = 'a-secret'
declare const env: { readonly [name: string]: string | undefined }
declare const production: boolean

describe('ordinary code compiles', () => {
  test('a config from the environment, without an exclamation mark', () => {
    expectTypeOf(defineConfig({ appId: env['APP_ID'], appHost: env['APP_HOST'] })).toEqualTypeOf<OidcConfig>()
    defineConfig({
      appId: env['APP_ID'],
      appHost: env['APP_HOST'],
      secret: env['SECRET'],
      redirectUri: env['REDIRECT_URI'],
    })
    defineConfig({ appId: process.env['APP_ID'], issuer: process.env['ISSUER'], secret: process.env['SECRET'] })
  })

  test('each protocol gives its own config', () => {
    expectTypeOf(defineConfig(app)).toEqualTypeOf<OidcConfig>()
    expectTypeOf(defineConfig({ ...app, protocol: 'oidc' })).toEqualTypeOf<OidcConfig>()
    expectTypeOf(defineConfig({ ...app, protocol: 'oauth' })).toEqualTypeOf<OauthConfig>()
    expectTypeOf(defineConfig({ ...app, protocol: 'saml' })).toEqualTypeOf<SamlConfig>()
    expectTypeOf(defineConfig({ ...app, protocol: 'cas' })).toEqualTypeOf<CasConfig>()
    expectTypeOf<OidcConfig>().toExtend<TokenConfig>()
    expectTypeOf<OauthConfig>().toExtend<TokenConfig>()
    expectTypeOf<TokenConfig>().toExtend<Config>()
  })

  test('a config by condition', () => {
    defineConfig(production ? { ...app, secret, tokenEndpointAuthMethod: 'client_secret_basic' } : app)
    defineConfig({ ...app, secret, ...(production ? { timeout: 5000 } : {}) })
    defineConfig({
      ...app,
      allowInsecureRequests: !production,
      requireIss: production,
      timeout: production ? 1 : undefined,
    })
  })

  test('a config written by hand', () => {
    const config = { ...app, redirectUri: 'https://app.example.com/' } as const satisfies Config
    expectTypeOf(config).toExtend<OidcConfig>()
    const other = { appId: 'app', issuer: 'https://id.example.com', endpoints: { token: 'https://id.example.com/t' } }
    expectTypeOf(other).toExtend<OidcConfig>()
  })

  test('a generic helper', () => {
    const withTimeout = <P extends Protocol>(input: ConfigInput<P>): ConfigOf<P> =>
      defineConfig({ ...input, timeout: 1000 })
    expectTypeOf(withTimeout({ ...app, protocol: 'cas' })).toEqualTypeOf<CasConfig>()
    const context = <C extends TokenConfig>(config: C) => ({ config })
    expectTypeOf(context(defineConfig(app)).config).toEqualTypeOf<OidcConfig>()
  })

  test('a config that is extended or discovered', () => {
    expectTypeOf(extendConfig(defineConfig(app), { timeout: 1 })).toEqualTypeOf<OidcConfig>()
    expectTypeOf(extendConfig(defineConfig({ ...app, protocol: 'oauth' }), {})).toEqualTypeOf<OauthConfig>()
    expectTypeOf(
      discover({ appId: env['APP_ID'], issuer: 'https://id.example.com' }),
    ).resolves.toEqualTypeOf<OidcConfig>()
    void discover(app, { store: new Map(), signal: AbortSignal.timeout(1000) })
    void discover({ ...app, endpoints: { introspection: env['INTROSPECTION'] } })
  })

  test('a config is extended whatever its protocol, and keeps it', () => {
    const either = {} as TokenConfig
    expectTypeOf(extendConfig(either, {})).toEqualTypeOf<TokenConfig>()
    const any = {} as Config
    expectTypeOf(extendConfig(any, {})).toEqualTypeOf<Config>()
    const patient = <P extends Protocol>(config: ConfigOf<P>): ConfigOf<P> => extendConfig(config, { timeout: 30_000 })
    expectTypeOf(patient<'cas'>).returns.toEqualTypeOf<CasConfig>()
    const own = <C extends OidcConfig>(config: C): [C, OidcConfig] => [config, extendConfig(config, { secret })]
    expectTypeOf(own).parameter(0).toEqualTypeOf<OidcConfig>()
    extendConfig(defineConfig(app), {
      secret: env['SECRET'],
      appHost: env['APP_HOST'],
      redirectUri: env['REDIRECT_URI'],
    })
    extendConfig(defineConfig(app), { endpoints: { token: env['TOKEN'] } })
  })

  test('a protocol that is known at run time only gives any config', () => {
    const config = defineConfig({ ...app, protocol: env['PROTOCOL'] as Protocol })
    expectTypeOf(config).toEqualTypeOf<Config>()
  })

  test('a secret may come from a store', () => {
    defineConfig({ ...app, secret: () => 'x', tokenEndpointAuthMethod: 'client_secret_basic' })
    defineConfig({ ...app, secret: async () => Promise.resolve('x') })
  })

  test("the runtime's own things fit", () => {
    expectTypeOf(fetch).toExtend<FetchLike>()
    expectTypeOf(createTransport()).toExtend<FetchLike>()
    expectTypeOf(createTransport({ fetch })).toExtend<FetchLike>()
    createTransport({ timeout: undefined, retries: undefined, fetch: undefined })
    expectTypeOf<Response>().toExtend<ResponseLike>()
    expectTypeOf<Request>().toExtend<RequestLike>()
    expectTypeOf<Map<string, unknown>>().toExtend<JsonStore>()
    expectTypeOf<{
      get(key: string): Promise<string | null>
      set(key: string, value: unknown): Promise<void>
    }>().toExtend<JsonStore>()
    defineConfig({ ...app, fetch })
    const options: RequestOptions = {
      signal: new AbortController().signal,
      fetch,
      now: Date.now,
      headers: { 'x-trace': '1' },
    }
    expectTypeOf(options.now).toEqualTypeOf<number | (() => number) | undefined>()
  })

  test("oauth4webapi's functions and handles fit as they are", () => {
    const key = {} as oauth.CryptoKey
    for (const method of [
      oauth.PrivateKeyJwt(key),
      oauth.ClientSecretJwt('s'),
      oauth.None(),
      oauth.TlsClientAuth(),
      oauth.ClientSecretPost('s'),
    ])
      expectTypeOf(method).toExtend<ClientAuth>()
    defineConfig({
      ...app,
      tokenEndpointAuthMethod: oauth.PrivateKeyJwt(key),
      revocationEndpointAuthMethod: oauth.None(),
    })
    expectTypeOf<oauth.DPoPHandle>().toExtend<DpopHandle>()
    const own: ClientAuth = (_as, _client, body, headers) => {
      headers.set('x', 'y')
      expectTypeOf(body).toEqualTypeOf<URLSearchParams>()
    }
    expectTypeOf(own).toExtend<ClientAuth>()
  })
})

describe('misuse does not compile', () => {
  test('a field of a config is not assigned to', () => {
    const config = defineConfig({ ...app, secret })
    // @ts-expect-error every field is readonly
    config.appId = 'another'
    // @ts-expect-error one that is left out is too
    config.timeout = 5
    // @ts-expect-error and so are the lists
    config.idTokenSigningAlgs?.push('RS256')
    // @ts-expect-error and the endpoints
    if (config.endpoints) config.endpoints.token = 'https://id.example.com'
  })

  test('an auth method that needs a secret does not go without one', () => {
    // @ts-expect-error client_secret_basic needs a secret
    defineConfig({ ...app, tokenEndpointAuthMethod: 'client_secret_basic' })
    // @ts-expect-error so does client_secret_post
    defineConfig({ ...app, introspectionEndpointAuthMethod: 'client_secret_post' })
    // @ts-expect-error at each of the three endpoints
    defineConfig({ ...app, revocationEndpointAuthMethod: 'client_secret_basic' })
    // @ts-expect-error a config written by hand has the same rule
    const config: OidcConfig = { ...app, tokenEndpointAuthMethod: 'client_secret_post' }
    defineConfig({ ...app, tokenEndpointAuthMethod: 'none' })
    expectTypeOf(config).toEqualTypeOf<OidcConfig>()
  })

  test('a field is not misspelt, and none is made up', () => {
    // @ts-expect-error the field is called tokenEndpointAuthMethod
    defineConfig({ ...app, tokenEndPointAuthMethod: 'none' })
    // @ts-expect-error there is no such field
    defineConfig({ ...app, clientId: 'app' })
    // @ts-expect-error there is no such endpoint
    defineConfig({ ...app, endpoints: { userinfo: 'https://id.example.com' } })
  })

  test('a field has its own type', () => {
    // @ts-expect-error no such method
    defineConfig({ ...app, secret, tokenEndpointAuthMethod: 'private_key_jwt' })
    // @ts-expect-error no such protocol
    defineConfig({ ...app, protocol: 'OIDC' })
    // @ts-expect-error none is never an algorithm
    defineConfig({ ...app, idTokenSigningAlgs: ['none'] })
    // @ts-expect-error milliseconds are a number
    defineConfig({ ...app, timeout: '10s' })
    // @ts-expect-error a flag is a boolean
    defineConfig({ ...app, requireIss: 'yes' })
    // @ts-expect-error an address is a string
    defineConfig({ ...app, redirectUri: new URL('https://app.example.com') })
    // @ts-expect-error a store is not a secret
    defineConfig({ ...app, secret: 5 })
    // @ts-expect-error fetch is a function
    defineConfig({ ...app, fetch: 'fetch' })
    expectTypeOf<'none'>().not.toExtend<SigningAlg>()
  })

  test('an id and a provider are not left out', () => {
    // @ts-expect-error the app id is needed
    defineConfig({ appHost: 'https://sample-app.genauth.ai' })
    // @ts-expect-error a host or an issuer is needed
    defineConfig({ appId: 'app' })
    // @ts-expect-error nothing is no config
    defineConfig()
  })

  test('the protocol of a config is not changed', () => {
    // @ts-expect-error a patch has no protocol
    extendConfig(defineConfig(app), { protocol: 'oauth' })
    // @ts-expect-error nor a field that does not exist
    extendConfig(defineConfig(app), { clientId: 'x' })
    // @ts-expect-error a patch of another protocol's config has none either
    extendConfig(defineConfig({ ...app, protocol: 'cas' }), { protocol: 'oidc' })
    // @ts-expect-error and none where the protocol is a type parameter
    const other = <P extends Protocol>(config: ConfigOf<P>) => extendConfig(config, { protocol: 'oauth' })
    // @ts-expect-error what is extended is still of its own protocol
    const oidc: OidcConfig = extendConfig(defineConfig({ ...app, protocol: 'oauth' }), {})
    // @ts-expect-error it is a config that is extended
    extendConfig({ appId: 'app' }, {})
    expectTypeOf([other, oidc]).toBeArray()
    // @ts-expect-error discovery is for OpenID Connect
    void discover({ ...app, protocol: 'saml' })
  })

  test('a SAML or CAS config is no token config', () => {
    expectTypeOf<SamlConfig>().not.toExtend<TokenConfig>()
    expectTypeOf<CasConfig>().not.toExtend<TokenConfig>()
    expectTypeOf<OauthConfig>().not.toExtend<OidcConfig>()
  })

  test('options have no field that does not exist', () => {
    // @ts-expect-error the option is called signal
    const options: RequestOptions = { abort: new AbortController() }
    // @ts-expect-error a header is a string
    const headers: RequestOptions = { headers: { 'x-a': 5 } }
    expectTypeOf([options, headers]).toBeArray()
  })
})

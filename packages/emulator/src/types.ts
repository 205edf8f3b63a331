/** The types of the emulator. Nothing here exists at run time. */

/** How an application authenticates at one endpoint: one of GenAuth's three settings. */
export type EndpointAuthMethod = 'client_secret_post' | 'client_secret_basic' | 'none'

/** How the ID tokens of an application are signed: with its secret, or with the key in the JWKS. */
export type IdTokenAlg = 'HS256' | 'RS256'

/** One authentication method per endpoint, each apart from the others, as in GenAuth's console. */
export interface EndpointAuthMethods {
  /** At the token endpoint. */
  readonly token: EndpointAuthMethod
  /** At the introspection endpoint. */
  readonly introspection: EndpointAuthMethod
  /** At the revocation endpoint. */
  readonly revocation: EndpointAuthMethod
}

/** One application of the emulator, as far as the caller wants to choose. */
export interface EmulatorAppOptions {
  /** The client_id. Left out: a fixed one for the first two applications, then random ones. */
  readonly appId?: string
  /** The client secret: printable ASCII, at least 32 characters where ID tokens are HS256. Left out: a random one. */
  readonly secret?: string
  /** A public application, such as a single-page app: no secret, method `none` everywhere, RS256 ID tokens. */
  readonly public?: boolean
  /** The name on the login and consent pages. */
  readonly name?: string
  /** The one redirect URI; the short form of `redirectUris`. */
  readonly redirectUri?: string
  /** The registered redirect URIs, compared character for character. The first one is in the ready-made config. */
  readonly redirectUris?: readonly string[]
  /** Where the standard logout link may send people. Left out: the redirect URIs and their origins. */
  readonly postLogoutRedirectUris?: readonly string[]
  /** How the ID tokens are signed. Left out: the emulator's `idTokenAlg`, RS256 for a public application. */
  readonly idTokenAlg?: IdTokenAlg
  /** The authentication methods. Left out: the emulator's `authMethods`, `none` for a public application. */
  readonly authMethods?: Partial<EndpointAuthMethods>
  /** The access key for the client credentials grant. Left out: a random one. */
  readonly accessKey?: string
  /** The secret of the access key. Left out: a random one. */
  readonly accessSecret?: string
  /** Further client metadata in the names of RFC 7591, handed to the engine as it is. */
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** Lifetimes in seconds. */
export interface EmulatorLifetimes {
  /** Access tokens, 3600 by default. */
  readonly accessToken?: number
  /** ID tokens, 3599 by default. */
  readonly idToken?: number
  /** Authorization codes, 600 by default. */
  readonly code?: number
  /** Refresh tokens, 14 days by default. */
  readonly refreshToken?: number
  /** Sign-in sessions, 14 days by default. */
  readonly session?: number
}

/** One request that the emulator has answered. */
export interface EmulatorRequest {
  /** The HTTP method. */
  readonly method: string
  /** The path without its query, which may hold tokens. */
  readonly path: string
  /** The status of the answer. */
  readonly status: number
}

/** Public keys, as in a JWKS (RFC 7517 section 5). */
export interface EmulatorJwks {
  /** The keys. */
  readonly keys: readonly object[]
}

/** What the person at the other device does with a request by CIBA. */
export type CibaDecision = 'approve' | 'deny'

/**
 * What goes beyond GenAuth: the engine has it, so it can be tried here. Everything is off by default, and applies to the
 * OpenID side. What an application needs for it, say its keys or a required method, goes in its `metadata`.
 */
export interface EmulatorFeatures {
  /** Pushed authorization requests (RFC 9126), at `/oidc/request`. */
  readonly par?: boolean
  /** Sender-constrained tokens (RFC 9449); with `forceNonce` every proof needs a nonce of the server. */
  readonly dpop?: boolean | { readonly forceNonce?: boolean }
  /** Signed authorization requests by value (RFC 9101). */
  readonly jar?: boolean
  /** Signed authorization responses: the response modes `jwt`, `query.jwt`, `fragment.jwt`, `form_post.jwt`. */
  readonly jarm?: boolean
  /** The methods `private_key_jwt` and `client_secret_jwt` (RFC 7523). */
  readonly jwtClientAuth?: boolean
  /**
   * The methods `tls_client_auth` and `self_signed_tls_client_auth` and certificate-bound tokens (RFC 8705). The
   * certificate comes as URL-encoded PEM in the header `x-client-cert`, as from a proxy that ends TLS.
   */
  readonly mtls?: boolean
  /** The device grant (RFC 8628), at `/oidc/device/auth` and `/oidc/device`. */
  readonly deviceFlow?: boolean
  /**
   * Authentication by another device (CIBA), at `/oidc/backchannel`. The `login_hint` is a user name. In poll mode, or in
   * ping mode where the metadata of an application says so: `backchannel_token_delivery_mode` and
   * `backchannel_client_notification_endpoint`, which may be http on loopback.
   */
  readonly ciba?: boolean | { readonly decide: (user: string) => CibaDecision | Promise<CibaDecision> }
  /** Token exchange (RFC 8693): an access token for another access token with the same or fewer scopes. */
  readonly tokenExchange?: boolean
  /**
   * Access tokens for assertions (RFC 7523), each taken once: signed by the application with a key of the `jwks` in its
   * metadata, or by one of `issuers` with one of its keys. The `sub` is the id of somebody who has signed in, else a
   * user name.
   */
  readonly jwtBearer?: boolean | { readonly issuers: Readonly<Record<string, EmulatorJwks>> }
  /**
   * GenAuth's own grant: an access token for an ID token that the application got here. The application need not
   * authenticate.
   */
  readonly authingToken?: boolean
  /**
   * The types of authorization details (RFC 9396) that there are, say `['payment']`. What was agreed to is in the token
   * response, in the access token and in introspection. `authorization_details_types` in the metadata of an application
   * leaves it fewer of them.
   */
  readonly authorizationDetails?: readonly string[]
  /** Registration of clients (RFC 7591 and 7592), open to everybody, at `/oidc/reg`. */
  readonly registration?: boolean
  /** Signed introspection responses (RFC 9701). */
  readonly introspectionJwt?: boolean
  /** Signed user info. */
  readonly userInfoJwt?: boolean
  /** Encrypted ID tokens, user info, request objects and answers. */
  readonly encryption?: boolean
  /** Logout tokens to the `backchannel_logout_uri` of an application when a person leaves by the standard link. */
  readonly backchannelLogout?: boolean
  /** The `claims` parameter of a request. */
  readonly claimsParameter?: boolean
  /**
   * Resources (RFC 8707) and their scopes, say `{ 'https://api.example.com': 'read write' }`: tokens for them are at+jwt.
   * One that begins with a slash is an API on the emulator itself, which `api` answers for; who issues tokens for it is
   * told below `/.well-known/oauth-protected-resource` (RFC 9728).
   */
  readonly resources?: Readonly<Record<string, string>>
  /** Answers what is asked of the resources on the emulator itself. It checks the tokens: the emulator does not. */
  readonly api?: (request: Request) => Response | Promise<Response>
  /** Further keys in the JWKS, for applications whose metadata names such an algorithm. */
  readonly signingAlgs?: readonly ('PS256' | 'ES256' | 'EdDSA')[]
}

/** How to start the emulator. Every option can be left out. */
export interface EmulatorOptions {
  /** The port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number
  /** The client_id of the first application; the short form of `apps`. */
  readonly appId?: string
  /** The secret of the first application; the short form of `apps`. */
  readonly secret?: string
  /** The redirect URI of the first application; the short form of `apps`. */
  readonly redirectUri?: string
  /** The applications. Left out: two of them. */
  readonly apps?: readonly EmulatorAppOptions[]
  /** How ID tokens are signed, HS256 by default. */
  readonly idTokenAlg?: IdTokenAlg
  /** The authentication methods of applications that do not name their own, `client_secret_post` by default. */
  readonly authMethods?: Partial<EndpointAuthMethods>
  /** Whether callbacks carry `iss` (RFC 9207) and the metadata says so, true by default. */
  readonly iss?: boolean
  /** Whether a refresh gives a new refresh token and ends the old one, true by default. */
  readonly rotate?: boolean
  /** Whether ID tokens from the token endpoint carry `at_hash`, true by default. */
  readonly atHash?: boolean
  /** The HTTP status of a validate_token that says no, 200 by default. */
  readonly validateStatus?: number
  /** Lifetimes in seconds. */
  readonly ttl?: EmulatorLifetimes
  /**
   * The claims of a user, by the name typed at sign-in. They are laid over the emulator's own, so `{ email: 'a@b.c' }`
   * is enough; a `sub` here replaces the derived one.
   */
  readonly claims?: (user: string) => Readonly<Record<string, unknown>>
  /** Further scopes and the claims they open, say `{ openid: ['userpool_id'], orders: ['order_ids'] }`. */
  readonly scopes?: Readonly<Record<string, readonly string[]>>
  /** What goes beyond GenAuth, off by default. */
  readonly features?: EmulatorFeatures
  /** Called after each answer, say to count requests in a test. */
  readonly onRequest?: (request: EmulatorRequest) => void
  /** Called with what went wrong inside the emulator. Left out: it is written to stderr. */
  readonly onError?: (error: unknown) => void
}

interface CommonConfig {
  readonly appId: string
  readonly appHost: string
  readonly redirectUri: string
  readonly protocol: 'oidc'
  readonly allowInsecureRequests: true
  readonly idTokenSigningAlgs?: readonly IdTokenAlg[]
}

/** The config of an application with a secret. */
export interface ConfidentialConfig extends CommonConfig {
  readonly secret: string
  readonly tokenEndpointAuthMethod?: EndpointAuthMethod
  readonly introspectionEndpointAuthMethod?: EndpointAuthMethod
  readonly revocationEndpointAuthMethod?: EndpointAuthMethod
}

/** The config of a public application. */
export interface PublicConfig extends CommonConfig {
  readonly secret?: undefined
  readonly tokenEndpointAuthMethod?: 'none'
  readonly introspectionEndpointAuthMethod?: 'none'
  readonly revocationEndpointAuthMethod?: 'none'
}

/** A plain object for `defineConfig`. It names only what differs from the defaults there. */
export type EmulatorConfig = ConfidentialConfig | PublicConfig

/** One application of a running emulator. */
export interface EmulatorApp {
  /** The client_id. */
  readonly appId: string
  /** The name on the pages. */
  readonly name: string
  /** The client secret; undefined for a public application. */
  readonly secret: string | undefined
  /** The registered redirect URIs, at least one. */
  readonly redirectUris: readonly [string, ...string[]]
  /** Where the standard logout link may send people. */
  readonly postLogoutRedirectUris: readonly string[]
  /** How its ID tokens are signed. */
  readonly idTokenSigningAlg: IdTokenAlg
  /** How it authenticates, endpoint by endpoint. */
  readonly authMethods: EndpointAuthMethods
  /** The access key for the client credentials grant. */
  readonly accessKey: string
  /** The secret of the access key. */
  readonly accessSecret: string
  /** Further client metadata, as it was given. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** The object for `defineConfig`. */
  readonly config: EmulatorConfig
}

/** A running emulator. */
export interface Emulator {
  /** Its address, `http://127.0.0.1:PORT`. */
  readonly appHost: string
  /** The OpenID issuer, `{appHost}/oidc`. */
  readonly issuer: string
  /** The port it listens on. */
  readonly port: number
  /** Its applications. */
  readonly apps: readonly [EmulatorApp, ...EmulatorApp[]]
  /** The object for `defineConfig` of the first application. */
  readonly config: EmulatorConfig
  /**
   * Signs with a new key from now on. The old one stays in the JWKS unless `forgetOld` says otherwise.
   */
  rotateKeys(options?: { readonly forgetOld?: boolean }): void
  /** Closes every connection and frees the port. */
  stop(): Promise<void>
}

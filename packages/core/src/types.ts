/** The types that every package shares. Nothing here exists at run time. */

declare global {
  // Empty on purpose: they merge with the runtime's own and let these types load where no DOM lib is there.
  interface URL {}
  interface URLSearchParams {}
  interface AbortSignal {}
}

/** Bytes on a buffer of their own, said so that TypeScript before 5.7 understands it too. */
export type Bytes = ReturnType<Uint8ArrayConstructor['of']>

/** What the application talks to GenAuth with. */
export type Protocol = 'oidc' | 'oauth' | 'saml' | 'cas'

/** A client authentication method that needs nothing but the config (RFC 6749 section 2.3.1, OIDC Core section 9). */
export type AuthMethod = 'client_secret_post' | 'client_secret_basic' | 'none'

/** The signature algorithms of ID tokens that can be checked here (RFC 7518 section 3.1, RFC 8037, RFC 9864). */
export type SigningAlg =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519'

/** The part of a `Response` that is read. */
export interface ResponseLike {
  readonly status: number
  readonly url?: string
  readonly type?: string
  readonly redirected?: boolean
  readonly headers: { get(name: string): string | null }
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every runtime has its own stream type
  readonly body?: any
  text(): Promise<string>
}

/** What a `fetch` is called with: always these five. */
export interface FetchInit {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers: Record<string, string>
  readonly body?: string
  readonly redirect: 'manual'
  readonly signal: AbortSignal
}

/** Any `fetch`-shaped function. A method's parameters are bivariant, so every runtime's own `fetch` fits. */
export type FetchLike = { f(url: string, init: FetchInit): Promise<ResponseLike> }['f']

/** The part of a `Request` that is read. */
export interface RequestLike {
  readonly method: string
  readonly url: string
  readonly headers: { get(name: string): string | null }
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every runtime has its own stream type
  readonly body?: any
  text(): Promise<string>
}

/**
 * A client authentication function. Those of oauth4webapi (`PrivateKeyJwt(key)`, `TlsClientAuth()`, ...) fit as they
 * are. It may set body parameters and headers.
 */
export type ClientAuth = {
  f(
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- oauth4webapi's metadata types are wider than what is handed on
    as: any,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    client: any,
    body: URLSearchParams,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the runtime's Headers
    headers: any,
  ): void | Promise<void>
}['f']

/** A DPoP handle (RFC 9449): `createDpop` of `@genauth-oidc/fapi` makes one, and oauth4webapi's `DPoP()` is one. */
export interface DpopHandle {
  calculateThumbprint(): Promise<string>
}

/** The app secret, or a function that gives it, say from a secret store. */
export type Secret = string | (() => string | Promise<string>)

/**
 * A key-value store of JSON values. A `Map` fits, and so does any storage whose `get` and `set`, asynchronous or not, keep
 * objects: KV and Redis do through unstorage, say.
 */
export interface JsonStore {
  get(key: string): unknown
  set(key: string, value: unknown): unknown
}

/** The endpoints that a config can name, each an absolute URL. */
export interface Endpoints {
  readonly authorization?: string | undefined
  readonly token?: string | undefined
  readonly userInfo?: string | undefined
  readonly jwks?: string | undefined
  readonly introspection?: string | undefined
  readonly revocation?: string | undefined
  readonly endSession?: string | undefined
}

/** The closed list of places that an error can name. Never a URL. */
export type EndpointName =
  | keyof Endpoints
  | 'discovery'
  | 'validateToken'
  | 'casValidation'
  | 'pushedAuthorization'
  | 'deviceAuthorization'
  | 'backchannelAuthentication'
  | 'registration'
  | 'protectedResource'

/** How one request is run. */
export interface RequestOptions {
  /** Ends the call early; the error's code is then `aborted` and its `cause` the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Used for this call in place of `config.fetch`. */
  readonly fetch?: FetchLike | undefined
  /** The present time in epoch milliseconds, or a function giving it. Default: the system's clock. */
  readonly now?: number | (() => number) | undefined
  /** Further request headers, say a trace id. Those that the protocol sets are refused. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Binds the tokens of this call to a key (RFC 9449). */
  readonly dpop?: DpopHandle | undefined
}

/** Where randomness comes from. */
export interface RandomOptions {
  /** Fills the array with random bytes and returns it, as `crypto.getRandomValues` does, which is the default. */
  readonly random?: ((bytes: Bytes) => unknown) | undefined
}

interface Common {
  readonly endpoints?: Endpoints | undefined
  readonly redirectUri?: string | undefined
  readonly idTokenSigningAlgs?: readonly SigningAlg[] | undefined
  readonly requireIss?: boolean | undefined
  readonly allowInsecureRequests?: boolean | undefined
  readonly clockTolerance?: number | undefined
  readonly timeout?: number | undefined
  readonly fetch?: FetchLike | undefined
}

interface Methods<M> {
  /** How the client authenticates at the token endpoint. Default: `client_secret_post` with a secret, else `none`. */
  readonly tokenEndpointAuthMethod?: M | undefined
  /** How at the introspection endpoint. Default: `client_secret_post`; `none` only when said. */
  readonly introspectionEndpointAuthMethod?: M | undefined
  /** How at the revocation endpoint. Default: `client_secret_post` with a secret, else `none`. */
  readonly revocationEndpointAuthMethod?: M | undefined
}

interface WithSecret<S> extends Methods<AuthMethod | ClientAuth> {
  readonly secret: S
}

interface NoSecret extends Methods<'none' | ClientAuth> {
  readonly secret?: undefined
}

// The usual one last: where neither member fits, it is the last that a compiler's message speaks of.
type Where<T> = { readonly appHost?: undefined; readonly issuer: T } | { readonly appHost: T; readonly issuer?: T }

// oidc may be left out
type Says<P> = P extends 'oidc' ? { readonly protocol?: 'oidc' | undefined } : { readonly protocol: P }

type Shape<P extends Protocol> = Common & { readonly appId: string } & Where<string> &
  (WithSecret<Secret> | NoSecret) &
  Says<P>

/** A config for OpenID Connect. */
export type OidcConfig = Shape<'oidc'>
/** A config for plain OAuth 2.0. */
export type OauthConfig = Shape<'oauth'>
/** A config for SAML links. */
export type SamlConfig = Shape<'saml'>
/** A config for CAS links. */
export type CasConfig = Shape<'cas'>
/** What the functions that ask for tokens take. */
export type TokenConfig = OidcConfig | OauthConfig
/** Any config. */
export type Config = TokenConfig | SamlConfig | CasConfig

/** The config type of a protocol. */
export type ConfigOf<P extends Protocol> = {
  oidc: OidcConfig
  oauth: OauthConfig
  saml: SamlConfig
  cas: CasConfig
}[P]

/**
 * What `defineConfig` takes: a config whose required strings may still be `undefined`, so that `process.env.X`
 * compiles. A missing one is then reported by name at run time.
 */
export type ConfigInput<P extends Protocol = Protocol> = Common & { readonly appId: string | undefined } & Where<
    string | undefined
  > &
  (WithSecret<Secret | undefined> | NoSecret) & { readonly protocol?: P | undefined }

/** What `extendConfig` can change: everything but the protocol. As in `ConfigInput`, a missing variable is reported by name. */
export type ConfigPatch = Partial<Common> &
  Methods<AuthMethod | ClientAuth> & {
    readonly appId?: string | undefined
    readonly appHost?: string | undefined
    readonly issuer?: string | undefined
    readonly secret?: Secret | undefined
  }

/** The claims that OIDC Core section 5.1 names. GenAuth gives `null` for what it does not know. */
export interface StandardClaims {
  readonly sub?: string
  readonly name?: string | null
  readonly given_name?: string | null
  readonly family_name?: string | null
  readonly middle_name?: string | null
  readonly nickname?: string | null
  readonly preferred_username?: string | null
  readonly profile?: string | null
  readonly picture?: string | null
  readonly website?: string | null
  readonly email?: string | null
  readonly email_verified?: boolean | null
  readonly gender?: string | null
  readonly birthdate?: string | null
  readonly zoneinfo?: string | null
  readonly locale?: string | null
  readonly phone_number?: string | null
  readonly phone_number_verified?: boolean | null
  readonly address?: {
    readonly formatted?: string | null
    readonly street_address?: string | null
    readonly locality?: string | null
    readonly region?: string | null
    readonly postal_code?: string | null
    readonly country?: string | null
  } | null
  /** An ISO string from GenAuth; OIDC Core asks for epoch seconds, which other providers give. */
  readonly updated_at?: string | number | null
  readonly [claim: string]: unknown
}

/** A JSON object from the wire. */
export type JsonObject = { readonly [member: string]: unknown }

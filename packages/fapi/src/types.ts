import type { FetchLike, JsonObject, RequestOptions, Endpoints, SigningAlg, JsonStore } from '@genauth-oidc/core/types'

declare global {
  // Empty on purpose: they merge with the runtime's own and let these types load where no DOM lib is there.
  interface CryptoKey {}
  interface Response {}
}

/**
 * A private key for signing: its algorithm is the key's own. With `kid` when the provider knows several of yours; with
 * `alg: 'EdDSA'` when it knows an Ed25519 key by its older name only (RFC 8037, deprecated by RFC 9864).
 */
export type SigningKey = CryptoKey | { readonly key: CryptoKey; readonly kid?: string; readonly alg?: 'EdDSA' }

/** The key pair that tokens are bound to. The public key has to be extractable, the private one need not be. */
export interface DpopKeyPair {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

/** What a provider says of itself (OpenID Connect Discovery section 3, RFC 8414 section 2). From `readServerMetadata`. */
export interface ServerMetadata {
  readonly issuer: string
  readonly pushed_authorization_request_endpoint?: string
  readonly require_pushed_authorization_requests?: boolean
  readonly require_signed_request_object?: boolean
  readonly device_authorization_endpoint?: string
  readonly backchannel_authentication_endpoint?: string
  readonly registration_endpoint?: string
  readonly check_session_iframe?: string
  /** The same endpoints, for clients that come with a certificate (RFC 8705 section 5). */
  readonly mtls_endpoint_aliases?: JsonObject
  readonly [member: string]: unknown
}

/** How a request of this package is run. */
export interface FapiOptions extends RequestOptions {
  /**
   * From `readServerMetadata` with the same config: where the provider's endpoints are. An endpoint that it does not name
   * is not guessed. Left out, GenAuth's own paths are taken.
   */
  readonly metadata?: ServerMetadata | undefined
}

/** How a request is run whose answer is signed. */
export interface SignedOptions extends FapiOptions {
  /** Keeps the provider's keys between calls and isolates. Default: a small cache in memory. */
  readonly jwks?: JsonStore | undefined
}

/** The part of a config that is needed before there is an application: where the provider is. Any config fits. */
export interface ServerConfig {
  readonly appHost?: string | undefined
  readonly issuer?: string | undefined
  readonly protocol?: 'oidc' | 'oauth' | undefined
  readonly endpoints?: Endpoints | undefined
  readonly allowInsecureRequests?: boolean | undefined
  readonly clockTolerance?: number | undefined
  readonly timeout?: number | undefined
  readonly fetch?: FetchLike | undefined
}

/** What an answer may be signed with. */
export interface ExpectedSignature {
  /** The allow-list of algorithms. Default: that of ID tokens, `config.idTokenSigningAlgs`. */
  readonly algs?: readonly SigningAlg[] | undefined
}

/** An authorization detail (RFC 9396 section 2): its `type` says what else it has. */
export interface AuthorizationDetail {
  readonly type: string
  readonly [member: string]: unknown
}

/** A link to sign in with, and what a link by itself does not say. */
export interface LinkParams {
  /** From `buildAuthorizeUrl` or `beginLogin`. */
  readonly link: URL
  /** What is asked for in detail (RFC 9396). */
  readonly authorizationDetails?: readonly AuthorizationDetail[] | undefined
  /** Where the access token will be used (RFC 8707): absolute URIs without fragment. */
  readonly resource?: string | readonly string[] | undefined
}

/** A sign-in that goes on elsewhere: on another device, or by a message to the user's phone. */
export interface PendingAuthorization {
  /** Seconds between two questions, at least. */
  readonly interval: number
  /** Epoch seconds by the given clock. */
  readonly expiresAt: number
}

/** How waiting is done. */
export interface PollOptions extends FapiOptions {
  /** Waits for so many milliseconds, or until the signal fires. Default: a timer. */
  readonly wait?: ((milliseconds: number, signal?: AbortSignal) => Promise<unknown>) | undefined
}

/** The client as the provider keeps it (RFC 7591 section 3.2.1). */
export interface ClientRegistration {
  readonly client_id: string
  readonly client_secret?: string
  /** Epoch seconds; 0 for a secret that does not expire. */
  readonly client_secret_expires_at?: number
  readonly registration_client_uri?: string
  readonly registration_access_token?: string
  readonly [member: string]: unknown
}

/** Where a registered client is managed (RFC 7592): both from its `ClientRegistration`. */
export interface ClientHandle {
  readonly registrationClientUri: string
  readonly registrationAccessToken: string
}

import type { EndpointName } from './types.js'

/** Why a callback was refused. */
export type CallbackReason =
  | 'state'
  | 'iss'
  | 'duplicate'
  | 'place'
  | 'missing'
  | 'unexpected'
  | 'too_large'
  | 'mix_up'
  | 'expired'
  | 'transaction'
  | 'redirect_uri'

/** Which check of a JWT failed. `missing` stands for no token at all. */
export type TokenCheck =
  | 'missing'
  | 'format'
  | 'header'
  | 'typ'
  | 'alg'
  | 'key'
  | 'signature'
  | 'purpose'
  | 'iss'
  | 'sub'
  | 'aud'
  | 'azp'
  | 'exp'
  | 'iat'
  | 'nbf'
  | 'nonce'
  | 'auth_time'
  | 'at_hash'
  | 'c_hash'
  | 's_hash'
  | 'scope'
  | 'jti'
  | 'sid'
  | 'events'
  | 'cnf'
  | 'htm'
  | 'htu'
  | 'ath'

/** What was wrong with an answer of a server. */
export type ResponseReason =
  | 'redirect'
  | 'status'
  | 'content_type'
  | 'too_large'
  | 'encoding'
  | 'json'
  | 'shape'
  | 'issuer'
  | 'sub'
  | 'id_token'
  | 'token_type'

/** What the runtime lacks. */
export type MissingFeature = 'fetch' | 'crypto.subtle' | 'crypto.getRandomValues'

interface NoAnswer {
  readonly endpoint: EndpointName
  /** Whether the same call may be made again at once: true for a GET, and where a poll was aborted between two requests. */
  readonly retryable: boolean
  /** Whether the server may have acted on the request: a code or refresh token that it carried may be spent. */
  readonly mayHaveArrived: boolean
  /** The platform error's name and code, say `ECONNREFUSED`. Its message is never copied: it may quote a header. */
  readonly errorName?: string | undefined
  readonly errorCode?: string | undefined
}

/** The fields of each kind of error, by its `code`. */
export interface ErrorFields {
  /** A field of the config is wrong or missing. */
  config_invalid: { readonly issues: readonly { readonly path: string; readonly message: string }[] }
  /** An argument of the call is wrong or missing. */
  argument_invalid: { readonly argument: string }
  /** The callback brings an error of the provider (RFC 6749 section 4.1.2.1). */
  authorization_error: {
    readonly error: string
    readonly errorDescription?: string | undefined
    /** Only when it is an https URL. */
    readonly errorUri?: string | undefined
  }
  /** The callback is not the answer to the request. */
  callback_invalid: { readonly reason: CallbackReason }
  /** The server answered with an error body: OAuth's, or GenAuth's `{ code, message }`. */
  endpoint_error: {
    readonly endpoint: EndpointName
    readonly status: number
    readonly error?: string | undefined
    readonly errorDescription?: string | undefined
    readonly vendorCode?: number | undefined
    readonly vendorMessage?: string | undefined
    /** Seconds to wait before the next try, 0 to 300. */
    readonly retryAfter?: number | undefined
  }
  /** The server's answer can't be used. */
  response_invalid: {
    readonly endpoint: EndpointName
    readonly status: number
    readonly reason: ResponseReason
    readonly retryAfter?: number | undefined
  }
  /** A JWT fails a check. */
  token_invalid: { readonly check: TokenCheck }
  /** No whole answer came. */
  network: NoAnswer
  /** No whole answer came within `config.timeout`. */
  timeout: NoAnswer
  /** The caller's signal ended the call; `cause` is its reason. */
  aborted: NoAnswer & { readonly cause?: unknown }
  /** The runtime lacks something that every supported one has. */
  unsupported_runtime: { readonly missing: MissingFeature }
}

/** The code of an error. */
export type OidcErrorCode = keyof ErrorFields

type Of<C extends OidcErrorCode> = Error & { readonly name: 'OidcError'; readonly code: C } & ErrorFields[C]

/**
 * Every error of these packages: a union discriminated by `code`, so that `switch (error.code)` narrows and can be
 * exhaustive. Messages say what failed and what to do; they and all fields are free of secrets and tokens.
 */
export type OidcError<C extends OidcErrorCode = OidcErrorCode> = { [K in C]: Of<K> }[C]

// Named for the logs of an error that nobody caught.
const Base = class OidcError extends Error {
  constructor(code: OidcErrorCode, message: string, fields: object, options?: { cause: unknown }) {
    super(message, options)
    // The symbol is what isOidcError looks for, so that two copies of this module know each other's errors.
    Object.assign(this, { name: 'OidcError', code, [Symbol.for('genauth-oidc')]: true }, fields)
  }
}

/**
 * The one error class. Made by these packages; an application reads it.
 *
 * @example
 * ```ts
 * import { OidcError } from '@genauth-oidc/core/OidcError'
 *
 * export function remedy(error: unknown): string {
 *   if (error instanceof OidcError && error.code === 'endpoint_error') return error.error ?? 'unknown'
 *   throw error
 * }
 * ```
 */
export const OidcError = Base as unknown as {
  new <C extends OidcErrorCode>(
    code: C,
    message: string,
    fields: ErrorFields[C],
    options?: { cause: unknown },
  ): OidcError<C>
  readonly prototype: OidcError
}

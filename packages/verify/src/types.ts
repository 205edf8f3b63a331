import type { JsonStore, RequestOptions, SigningAlg, StandardClaims } from '@genauth-oidc/core/types'

declare const checked: unique symbol

/** How far an ID token was checked: its claims, fresh from the token endpoint over TLS, or its signature too. */
export type Level = 'direct' | 'signed'

/** The claims of an ID token that holds: issuer, audience, times, and what else was expected. */
export interface CheckedClaims extends StandardClaims {
  readonly [checked]: unknown
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  /** Epoch seconds. */
  readonly exp: number
  /** Epoch seconds. */
  readonly iat: number
  readonly nonce?: string
  readonly azp?: string
  /** Epoch seconds. */
  readonly auth_time?: number
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly at_hash?: string
  readonly c_hash?: string
  readonly s_hash?: string
  readonly sid?: string
}

/** The claims of an ID token whose signature was checked here. */
export interface SignedClaims extends CheckedClaims {
  readonly [checked]: 'signed'
}

/** The claims of an ID token, by how far they were checked. */
export type IdTokenClaims<L extends Level = 'direct'> = L extends 'signed' ? SignedClaims : CheckedClaims

/** What an ID token has to fit. */
export interface ExpectedIdToken {
  /** The nonce of the link; `null` when there must be none. Left out, it is not compared. */
  readonly nonce?: string | null | undefined
  /** The access token that came along, for `at_hash`. */
  readonly accessToken?: string | undefined
  /** The code that came along, for `c_hash`. */
  readonly code?: string | undefined
  /** The state of the link, for `s_hash`. */
  readonly state?: string | undefined
  /** Seconds since the user last proved who they are, at most; the token must then have `auth_time`. */
  readonly maxAge?: number | undefined
  /** Audiences beside this application that are fine. Default: none. */
  readonly trustedAudiences?: readonly string[] | undefined
  /** It came through the browser: a nonce must be expected, and the hashes of what came along must be there. */
  readonly frontChannel?: boolean | undefined
  /** It was just made: `iat` may be 600 seconds old at most. */
  readonly fresh?: boolean | undefined
}

/**
 * How a check of a signature is run. `headers` and `dpop` are not among it: keys are fetched once for all who wait, so what
 * belongs to one caller is not sent along.
 */
export interface VerifyOptions extends Omit<RequestOptions, 'headers' | 'dpop'> {
  /** Keeps the provider's keys between calls and isolates. Default: a small cache in memory. */
  readonly jwks?: JsonStore | undefined
}

/** What an access token has to fit. */
export interface ExpectedAccessToken {
  /** The API's own identifier. Default in the `genauth` profile: the app id. */
  readonly audience?: string | undefined
  /** Scope tokens, space-separated, that must all be granted. */
  readonly scope?: string | undefined
  /** `genauth` for GenAuth's tokens (typ JWT, no client_id), `rfc9068` for the standard's. Default: `genauth`. */
  readonly profile?: 'genauth' | 'rfc9068' | undefined
  /** The allow-list of asymmetric algorithms. Default: RS256. */
  readonly algs?: readonly Exclude<SigningAlg, 'HS256' | 'HS384' | 'HS512'>[] | undefined
}

/** The claims of an access token that holds. */
export interface AccessTokenClaims {
  readonly [checked]: 'signed'
  readonly iss: string
  readonly aud: string | readonly string[]
  /** Epoch seconds. */
  readonly exp: number
  /** Epoch seconds. */
  readonly iat: number
  readonly jti: string
  /** Missing in a machine's token. */
  readonly sub?: string
  readonly scope?: string
  readonly client_id?: string
  readonly [claim: string]: unknown
}

/** What a logout token has to fit. */
export interface ExpectedLogoutToken {
  /**
   * Tells whether this token was seen before, and remembers it until `exp` (epoch seconds): what makes it once-only.
   */
  readonly seen?: ((jti: string, exp: number) => boolean | Promise<boolean>) | undefined
}

/** The claims of a logout token that holds: `sub`, `sid` or both say whose sessions end. */
export interface LogoutTokenClaims {
  readonly [checked]: 'signed'
  readonly iss: string
  readonly aud: string | readonly string[]
  /** Epoch seconds. */
  readonly exp: number
  /** Epoch seconds. */
  readonly iat: number
  readonly jti: string
  readonly sub?: string
  readonly sid?: string
  readonly [claim: string]: unknown
}

import type { JsonObject, StandardClaims } from '@genauth-oidc/core/types'
import type { CheckedClaims, IdTokenClaims } from '@genauth-oidc/verify/types'

/** A successful answer of the token endpoint (RFC 6749 section 5.1, OIDC Core section 3.1.3.3). */
export interface TokenResponse<C extends CheckedClaims = IdTokenClaims> {
  readonly access_token: string
  /** `Bearer` or `DPoP`, in the server's own case. */
  readonly token_type: string
  /** Seconds. Left out by a server that does not say; that does not mean for ever. */
  readonly expires_in?: number
  /** When `expires_in` is over: epoch seconds by the given clock. Not from the wire. */
  readonly expires_at?: number
  readonly refresh_token?: string
  readonly id_token?: string
  /** What was granted, when it is not what was asked for. GenAuth always says it, in an order of its own. */
  readonly scope?: string
  /** The checked claims of `id_token`. Not from the wire. */
  readonly claims?: C
  readonly [member: string]: unknown
}

/** The user's claims (OIDC Core section 5.3.2). With protocol oauth `sub` may be missing, and they are `StandardClaims` alone. */
export interface UserInfo extends StandardClaims {
  readonly sub: string
}

/** What the server says of a token (RFC 7662 section 2.2). */
export type IntrospectionResponse =
  | { readonly active: false }
  | {
      readonly active: true
      readonly scope?: string
      readonly client_id?: string
      readonly username?: string
      readonly token_type?: string
      /** Epoch seconds. */
      readonly exp?: number
      /** Epoch seconds. */
      readonly iat?: number
      /** Epoch seconds. */
      readonly nbf?: number
      readonly sub?: string
      readonly aud?: string | readonly string[]
      readonly iss?: string
      readonly jti?: string
      readonly [member: string]: unknown
    }

/** The claims of a token that GenAuth called valid. */
export interface ValidatedClaims extends StandardClaims {
  readonly iss: string
  readonly aud: string | readonly string[]
  /** Epoch seconds. */
  readonly exp: number
  /** Epoch seconds. */
  readonly iat?: number
  readonly jti?: string
  readonly scope?: string
  readonly nonce?: string
  readonly at_hash?: string
}

/** What of an earlier answer a refresh is compared with and falls back to. An earlier `TokenResponse` fits. */
export interface PreviousTokens {
  readonly id_token?: string | undefined
  readonly claims?: JsonObject | undefined
}

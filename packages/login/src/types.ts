import type { JsonStore, RequestOptions } from '@genauth-oidc/core/types'
import type { TokenResponse, UserInfo } from '@genauth-oidc/tokens/types'
import type { AuthorizeParams, ResponseMode } from '@genauth-oidc/urls/types'
import type { CheckedClaims, IdTokenClaims, Level } from '@genauth-oidc/verify/types'

/** The response types that sign a user in: each brings an ID token or a code for one. */
export type LoginResponseType =
  'code' | 'id_token' | 'id_token token' | 'code id_token' | 'code token' | 'code id_token token'

/** What a sign-in asks for. State, nonce and PKCE are made, never given. */
export type LoginParams<R extends LoginResponseType = 'code'> = Omit<
  AuthorizeParams<R>,
  'state' | 'nonce' | 'codeChallenge' | 'codeChallengeMethod'
> & {
  /** Comes back from `completeLogin`: say, the page to return to. */
  readonly appState?: string | undefined
}

/**
 * What has to be kept between the link and the callback, in the user's own browser: seal it into a cookie, or put it into a
 * session. It is good for one sign-in, for ten minutes.
 */
export interface LoginTransaction<R extends LoginResponseType = LoginResponseType> {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly issuer: string
  readonly appId: string
  readonly redirectUri: string
  readonly responseType: R
  readonly responseMode?: ResponseMode | undefined
  readonly scope: string
  /** Seconds. */
  readonly maxAge?: number | undefined
  readonly appState?: string | undefined
  /** Epoch seconds. */
  readonly expiresAt: number
}

/** Tokens of the front channel, where the token endpoint gave better ones. */
export interface FrontChannelTokens {
  readonly id_token: string
  readonly access_token?: string
  readonly token_type?: string
  /** Seconds. */
  readonly expires_in?: number
  /** Epoch seconds. */
  readonly expires_at?: number
}

// Written out, since Omit over an index signature forgets the members' types.
interface IdTokenOnly<C extends CheckedClaims> {
  readonly access_token?: undefined
  readonly token_type?: undefined
  readonly expires_in?: undefined
  readonly expires_at?: undefined
  readonly refresh_token?: undefined
  readonly scope?: undefined
  readonly id_token: string
  readonly claims: C
  readonly [member: string]: unknown
}

/** A sign-in that holds. A user is `claims.iss` and `claims.sub` together. */
export interface Login<
  R extends LoginResponseType = LoginResponseType,
  C extends CheckedClaims = IdTokenClaims<'signed'>,
  U extends boolean = boolean,
> {
  readonly tokens: R extends 'id_token'
    ? IdTokenOnly<C>
    : TokenResponse<C> & { readonly id_token: string; readonly claims: C }
  readonly claims: C
  /** Asked for with `userInfo: true`. */
  readonly userInfo: U extends true ? UserInfo : undefined
  readonly appState: string | undefined
  readonly frontChannel?: FrontChannelTokens
}

/**
 * How far an ID token may be checked: only what comes from the token endpoint itself needs no signature. Where the response
 * type may be another than `code`, it may be one whose ID token comes through the browser.
 */
export type LevelFor<R> = [R] extends ['code'] ? Level : 'signed'

/** How a sign-in is completed. */
export interface LoginOptions<L extends Level = Level, U extends boolean = boolean> extends RequestOptions {
  /**
   * `direct` leaves out the ID token's signature, which a public client with HS256 tokens has no key for; for response type
   * `code` only, where the token comes from the token endpoint over TLS. Default: `signed`.
   */
  readonly idToken?: L | undefined
  /** Audiences of the ID token beside this application that are fine. Default: none. */
  readonly trustedAudiences?: readonly string[] | undefined
  /** Asks for user info too. */
  readonly userInfo?: U | undefined
  /** Keeps the provider's keys between calls and isolates. Default: a small cache in memory. */
  readonly jwks?: JsonStore | undefined
}

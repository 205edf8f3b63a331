/** What the authorization endpoint is asked for (OAuth 2.0 Multiple Response Type Encoding Practices). */
export type ResponseType =
  'code' | 'id_token' | 'id_token token' | 'code id_token' | 'code token' | 'code id_token token' | 'none' | 'token'

/** How the answer comes back. The modes with `jwt` (JARM) are read by `readSignedCallback` of `@genauth-oidc/fapi`. */
export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'jwt' | 'query.jwt' | 'fragment.jwt' | 'form_post.jwt'

type Challenge =
  | {
      /** From `calculateCodeChallenge`. */
      readonly codeChallenge: string
      /** Default: `S256`, said explicitly. */
      readonly codeChallengeMethod?: 'S256' | 'plain'
    }
  | { readonly codeChallenge?: undefined; readonly codeChallengeMethod?: undefined }

interface CommonParams {
  /** Space-separated. Default: `openid profile email phone address`, for protocol oauth `user`. */
  readonly scope?: string | undefined
  /** Comes back in the callback. Default: 256 random bits, to be read from the URL. */
  readonly state?: string | undefined
  /** Default: `config.redirectUri`. */
  readonly redirectUri?: string | undefined
  /** The tenant to sign in to. */
  readonly tenantId?: string | undefined
  /** Further parameters, by wire name. Those that the protocol protects are refused. */
  readonly extra?: Readonly<Record<string, string>> | undefined
}

/** Params of an OpenID Connect authorization request (OIDC Core section 3.1.2.1). */
export type AuthorizeParams<R extends Exclude<ResponseType, 'token'> = Exclude<ResponseType, 'token'>> = CommonParams &
  Challenge & {
    /** Default: `code`. */
    readonly responseType?: R | undefined
    /** Sent only when given. `query` is refused with a response type that has a token in it. */
    readonly responseMode?: ResponseMode | undefined
    /** Comes back in the ID token. Default: 256 random bits, to be read from the URL. */
    readonly nonce?: string | undefined
    /** `none`, or some of `login`, `consent`, `select_account`. Default: `consent` when the scope has `offline_access`. */
    readonly prompt?: string | undefined
    /** Seconds since the user last proved who they are, at most. */
    readonly maxAge?: number | undefined
    readonly loginHint?: string | undefined
    readonly uiLocales?: string | undefined
    readonly acrValues?: string | undefined
    readonly idTokenHint?: string | undefined
  }

/** Params of an OAuth 2.0 authorization request (RFC 6749 section 4.1.1). */
export type OauthAuthorizeParams = CommonParams &
  Challenge & {
    /** Default: `code`. */
    readonly responseType?: 'code' | 'token' | undefined
  }

/** Params of a CAS link. */
export interface CasAuthorizeParams {
  /** Where CAS sends the ticket. */
  readonly service?: string | undefined
}

type Has<R, W extends string> = R extends W | `${W} ${string}` | `${string} ${W}` | `${string} ${W} ${string}`
  ? true
  : false

/** The parameters of a callback, by wire name, as the response type calls for them. Not yet checked: the ID token. */
export type AuthorizationResponse<R extends ResponseType = 'code'> = {
  readonly state: string
  readonly iss?: string
  readonly session_state?: string
} & (Has<R, 'code'> extends true ? { readonly code: string } : unknown) &
  (Has<R, 'id_token'> extends true ? { readonly id_token: string } : unknown) &
  (Has<R, 'token'> extends true
    ? {
        readonly access_token: string
        readonly token_type: string
        readonly expires_in?: number
        readonly scope?: string
      }
    : unknown)

/** What the callback has to answer. */
export interface ExpectedCallback<R extends ResponseType = 'code'> {
  /** The state of the link, kept in the user's session. */
  readonly state: string
  /** The response type of the link. Default: `code`. */
  readonly responseType?: R | undefined
  /** The response mode of the link. Default: `query`, with tokens `fragment`. */
  readonly responseMode?: ResponseMode | undefined
}

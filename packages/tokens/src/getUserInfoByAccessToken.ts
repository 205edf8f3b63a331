import { ask } from '@genauth-oidc/core/ask'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { OidcConfig, RequestOptions, StandardClaims, TokenConfig } from '@genauth-oidc/core/types'
import { tokenProtocol } from './internal/post.js'
import type { UserInfo } from './types.js'

/** What goes with the question for user info. */
export interface UserInfoParams {
  readonly accessToken: string
  /** The ID token's `sub`: an answer about anybody else is refused (OIDC Core section 5.3.2). */
  readonly expectedSubject?: string | undefined
}

/**
 * Asks for the user's claims. The token travels in the Authorization header, never in the address.
 *
 * @param config - an oidc or oauth config
 * @param accessToken - the token, or the token with the subject that is expected: give it wherever there is an ID token
 * @param options - how to run it
 * @returns the claims; GenAuth gives `null` for what it does not know. A user is `iss` and `sub` together, never an email address
 * @throws OidcError `endpoint_error` (`invalid_token`), `response_invalid` (reason `sub`: another user), `argument_invalid`,
 *   `config_invalid`, `network`, `timeout`, `aborted`
 * @see OIDC Core section 5.3, RFC 6750 section 2.1
 *
 * @example
 * ```ts
 * import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const emailOf = async (accessToken: string) => (await getUserInfoByAccessToken(config, accessToken)).email
 * ```
 */
export function getUserInfoByAccessToken(
  config: OidcConfig,
  accessToken: string | UserInfoParams,
  options?: RequestOptions,
): Promise<UserInfo>
/** Asks where the protocol is, or may be, oauth: the answer need not say whose it is. */
export function getUserInfoByAccessToken(
  config: TokenConfig,
  accessToken: string | UserInfoParams,
  options?: RequestOptions,
): Promise<StandardClaims>
export async function getUserInfoByAccessToken(
  config: TokenConfig,
  accessToken: string | UserInfoParams,
  options?: RequestOptions,
): Promise<StandardClaims> {
  const params: UserInfoParams =
    typeof accessToken == 'string' ? { accessToken } : requireObject(accessToken, 'accessToken')
  const { expectedSubject } = params
  // What can't stand in a header never reaches one (RFC 6750 section 2.1).
  const token = requireString(params.accessToken, 'accessToken', /^[\w.~+/=-]+$/)
  tokenProtocol(config)
  return ask(
    config,
    'userInfo',
    endpoint(config, 'userInfo', 'me'),
    () => ({ token }),
    options,
    (body, bad) => {
      const { sub } = body
      if ((config.protocol != 'oauth' && (typeof sub != 'string' || !sub)) || sub !== (expectedSubject ?? sub))
        throw bad('sub', 'no sub, or that of another user')
      return body
    },
  )
}

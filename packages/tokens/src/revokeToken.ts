import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import type { TokenParams } from './introspectToken.js'
import { post } from './internal/post.js'

/**
 * Tells the server that an access or refresh token is not needed any more. A token that the server does not know counts
 * as revoked.
 *
 * @param config - an oidc or oauth config; `revocationEndpointAuthMethod` is its own setting
 * @param token - the token, or the token with a hint
 * @param options - how to run it
 * @returns true; anything else is an error
 * @throws OidcError `endpoint_error`, or `response_invalid` where the answer has no JSON (after status 503 the token still lives: try
 *   again after `retryAfter` seconds), `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 7009
 *
 * @example
 * ```ts
 * import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 * } as const
 * export const forget = (refreshToken: string) => revokeToken(config, refreshToken)
 * ```
 */
export async function revokeToken(
  config: TokenConfig,
  token: string | TokenParams,
  options?: RequestOptions,
): Promise<true> {
  const params: TokenParams = typeof token == 'string' ? { token } : requireObject(token, 'token')
  return post(
    config,
    'revocation',
    'token/revocation',
    { token: requireString(params.token, 'token'), token_type_hint: params.tokenTypeHint },
    options,
  )
}

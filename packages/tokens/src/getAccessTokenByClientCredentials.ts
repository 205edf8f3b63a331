import { ask } from '@genauth-oidc/core/ask'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import { tokenProtocol } from './internal/post.js'
import { readTokens } from './readTokens.js'
import type { TokenResponse } from './types.js'

/** A programming access account, and what it asks for. */
export interface ClientCredentialsParams {
  /** Space-separated permissions. */
  readonly scope: string
  /** The account's AccessKey. */
  readonly accessKey: string
  /** The account's SecretKey. */
  readonly accessSecret: string
}

/**
 * Gets an access token for a machine. The keys of the account take the place of the application's own id and secret,
 * always in the body, whatever authentication method the config names.
 *
 * @param config - an oidc or oauth config; only its addresses are used
 * @param params - the account and the scope
 * @param options - how to run it
 * @returns the token, without refresh token; ask again when it expires
 * @throws OidcError `endpoint_error`, `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 6749 section 4.4
 *
 * @example
 * ```ts
 * import { getAccessTokenByClientCredentials } from '@genauth-oidc/tokens/getAccessTokenByClientCredentials'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const machineToken = (accessKey: string, accessSecret: string) =>
 *   getAccessTokenByClientCredentials(config, { scope: 'orders:read', accessKey, accessSecret })
 * ```
 */
export async function getAccessTokenByClientCredentials(
  config: TokenConfig,
  params: ClientCredentialsParams,
  options?: RequestOptions,
): Promise<TokenResponse> {
  tokenProtocol(config)
  requireObject(params, 'params')
  const form = new URLSearchParams({
    client_id: requireString(params.accessKey, 'accessKey'),
    client_secret: requireString(params.accessSecret, 'accessSecret'),
    grant_type: 'client_credentials',
    scope: requireString(params.scope, 'scope'),
  })
  return ask(
    config,
    'token',
    endpoint(config, 'token', 'token'),
    () => ({ form }),
    options,
    (body, bad) => readTokens(body, bad, options),
  )
}

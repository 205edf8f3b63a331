import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { redirectUrl } from '@genauth-oidc/core/redirectUrl'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { OidcConfig, RequestOptions } from '@genauth-oidc/core/types'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { grant, tokenProtocol } from './internal/grant.js'

/** An ID token, and what it is shown for. */
export interface IdTokenParams {
  readonly idToken: string
  /** Default: `config.redirectUri`. */
  readonly redirectUri?: string | undefined
  readonly scope?: string | undefined
}

/**
 * Gets tokens for a user's ID token, by GenAuth's own `authing_token` grant. The client is not authenticated in it: what
 * counts is the ID token, so hand over only one that was checked.
 *
 * @param config - an oidc config with `appHost`
 * @param params - the ID token
 * @param options - how to run it
 * @returns the tokens
 * @throws OidcError `endpoint_error`, `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 *
 * @example
 * ```ts
 * import { getAccessTokenByIdToken } from '@genauth-oidc/fapi/getAccessTokenByIdToken'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   redirectUri: 'https://app.example.com/callback',
 * } as const
 * export const trade = (idToken: string) => getAccessTokenByIdToken(config, { idToken, scope: 'openid profile' })
 * ```
 */
export async function getAccessTokenByIdToken(
  config: OidcConfig,
  params: IdTokenParams,
  options?: RequestOptions,
): Promise<TokenResponse> {
  tokenProtocol(config)
  const { idToken, redirectUri = config.redirectUri, scope = '' } = requireObject(params, 'params')
  if (!redirectUrl(redirectUri)) throw argumentError('redirectUri', 'one of the application, here or in the config')
  return grant(
    config,
    {
      client_id: appId(config),
      grant_type: 'http://authing.cn/oidc/grant_type/authing_token',
      redirect_uri: redirectUri,
      token: requireString(idToken, 'idToken'),
      scope,
    },
    options,
    undefined,
    true,
  )
}

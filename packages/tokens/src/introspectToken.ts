import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import { post } from './internal/post.js'
import type { IntrospectionResponse } from './types.js'

/** A token, and what kind it is. */
export interface TokenParams {
  readonly token: string
  /** Only a hint: the server looks among all kinds. */
  readonly tokenTypeHint?: 'access_token' | 'refresh_token' | undefined
}

/**
 * Asks the server whether an access or refresh token is alive.
 *
 * @param config - an oidc or oauth config; `introspectionEndpointAuthMethod` is its own setting
 * @param token - the token, or the token with a hint
 * @param options - how to run it
 * @returns `{ active: true, ... }`, or `{ active: false }` and nothing else
 * @throws OidcError `endpoint_error` (`invalid_client`), `response_invalid`, `argument_invalid`, `config_invalid`,
 *   `network`, `timeout`, `aborted`
 * @see RFC 7662
 *
 * @example
 * ```ts
 * import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 * } as const
 * export const alive = async (token: string) => (await introspectToken(config, token)).active
 * ```
 */
export async function introspectToken(
  config: TokenConfig,
  token: string | TokenParams,
  options?: RequestOptions,
): Promise<IntrospectionResponse> {
  const params: TokenParams = typeof token == 'string' ? { token } : requireObject(token, 'token')
  return post(
    config,
    'introspection',
    'token/introspection',
    { token: requireString(params.token, 'token'), token_type_hint: params.tokenTypeHint },
    options,
    (body) => (body.active === true ? (body as IntrospectionResponse) : { active: false }),
  )
}

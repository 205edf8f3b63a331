import { argumentError } from '@genauth-oidc/core/argumentError'
import { issuer } from '@genauth-oidc/core/issuer'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import { checkIdToken } from '@genauth-oidc/verify/checkIdToken'
import { readJwt } from '@genauth-oidc/verify/readJwt'
import { refuser } from '@genauth-oidc/verify/refuser'
import type { IdTokenClaims } from '@genauth-oidc/verify/types'
import { post } from './internal/post.js'
import { readTokens } from './readTokens.js'
import type { PreviousTokens, TokenResponse } from './types.js'

/** What goes with a refresh. */
export interface RefreshParams {
  readonly refreshToken: string
  /** A part of what was granted, space-separated. Default: all of it. */
  readonly scope?: string | undefined
  /** The API that the access token is for, one of those that were granted (RFC 8707 section 2.2). Default: all of them. */
  readonly resource?: string | undefined
  /** The earlier answer: the new ID token must speak of the same user, and what the new answer lacks is kept. */
  readonly previous?: PreviousTokens | undefined
}

/**
 * Gets new tokens for a refresh token. It is sent once: after `network`, `timeout` or `aborted` with `mayHaveArrived`
 * a server that rotates may have spent it. Where calls can meet, take `refreshLogin` of `@genauth-oidc/login`.
 *
 * @param config - an oidc or oauth config
 * @param refreshToken - the token, or the token with what goes with it
 * @param options - how to run it
 * @returns the new tokens; store them in place of the old ones. Without a new refresh token in the answer the old one
 *   stands in it, without an ID token the previous one and its claims
 * @throws OidcError `endpoint_error` (`invalid_grant`: the token is dead, sign in again), `token_invalid`,
 *   `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 6749 section 6, OIDC Core section 12
 *
 * @example
 * ```ts
 * import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
 * import type { TokenResponse } from '@genauth-oidc/tokens/types'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 * } as const
 * export const renew = (previous: TokenResponse) =>
 *   getNewAccessTokenByRefreshToken(config, { refreshToken: previous.refresh_token ?? '', previous })
 * ```
 */
export async function getNewAccessTokenByRefreshToken(
  config: TokenConfig,
  refreshToken: string | RefreshParams,
  options?: RequestOptions,
): Promise<TokenResponse> {
  const params: RefreshParams =
    typeof refreshToken == 'string' ? { refreshToken } : requireObject(refreshToken, 'refreshToken')
  const { scope, resource, previous } = params
  const refresh_token = requireString(params.refreshToken, 'refreshToken')
  // What was kept as it came has the claims in the token only: to compare with, unchecked as they are.
  const first =
    previous &&
    (previous.claims ??
      (previous.id_token ? readJwt(previous.id_token, refuser('previous ID token')).claims : undefined))
  // A token goes to the server that it came from, and to no other (RFC 9700 section 4.10).
  if (first?.iss && first.iss !== issuer(config)) throw argumentError('previous', "of this config's provider")
  return post(
    config,
    'token',
    'token',
    { grant_type: 'refresh_token', refresh_token, scope, resource },
    options,
    async (body, bad) => {
      const tokens = readTokens(body, bad, options)
      tokens.refresh_token ??= refresh_token
      const { id_token, access_token: accessToken } = tokens
      if (config.protocol == 'oauth') return tokens
      if (!id_token) {
        if (previous?.id_token) tokens.id_token = previous.id_token
        if (previous?.claims) tokens.claims = previous.claims as unknown as IdTokenClaims
        return tokens
      }
      const { claims } = await checkIdToken(
        config,
        id_token,
        { accessToken, fresh: true, trustedAudiences: [first?.aud].flat() as string[] },
        options,
      )
      for (const name of ['sub', 'aud', 'azp', 'auth_time', 'nonce'] as const) {
        // Several audiences have no order. What the others hold is compared as it is: nobody has looked at a nonce.
        const [was, is] = [first?.[name], claims[name]].map((value) =>
          name == 'aud' ? [value].flat().sort().join('\n') : value,
        )
        // A nonce may be left out (OIDC Core section 12.2).
        if (was && was !== is && (is || name != 'nonce')) throw refuser('ID token')(name, 'that of the first one')
      }
      tokens.claims = claims as unknown as IdTokenClaims
      return tokens
    },
  )
}

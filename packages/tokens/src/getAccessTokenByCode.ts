import { argumentError } from '@genauth-oidc/core/argumentError'
import { redirectUrl } from '@genauth-oidc/core/redirectUrl'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import { verifierPattern } from '@genauth-oidc/core/verifierPattern'
import type { RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import { checkIdToken } from '@genauth-oidc/verify/checkIdToken'
import type { IdTokenClaims } from '@genauth-oidc/verify/types'
import { post } from './internal/post.js'
import { readTokens } from './readTokens.js'
import type { TokenResponse } from './types.js'

/** What goes with a code. */
export interface CodeParams {
  /** From the callback. It can be used once. */
  readonly code: string
  /** The verifier whose challenge was in the link. Without it an injected code is not noticed. */
  readonly codeVerifier?: string | undefined
  /**
   * The nonce that was in the link; `null` when there was none. Left out, it is not compared, as GenAuth's other SDKs
   * do: without `codeVerifier` that is open to code injection (RFC 9700 section 4.5).
   */
  readonly nonce?: string | null | undefined
  /** As in the link: an `s_hash` in the ID token has to be that of it. Left out, it is not compared. */
  readonly state?: string | undefined
  /** As in the link. Default: `config.redirectUri`. */
  readonly redirectUri?: string | undefined
  /** As in the link: seconds since the user last proved who they are, at most. */
  readonly maxAge?: number | undefined
  /** The API that the access token is for, where the link named several (RFC 8707 section 2.2). */
  readonly resource?: string | undefined
  /** Audiences of the ID token beside this application that are fine. Default: none. */
  readonly trustedAudiences?: readonly string[] | undefined
}

/**
 * Exchanges an authorization code for tokens, and checks the ID token's claims: issuer, audience, times, nonce,
 * `at_hash`. Its signature is not checked, since it comes from the token endpoint itself; `completeLogin` of
 * `@genauth-oidc/login` does that too. The code is sent once, whatever happens.
 *
 * @param config - an oidc or oauth config
 * @param params - the code, and what the link was made with
 * @param options - how to run it
 * @returns the tokens, by wire name, with `expires_at` and the ID token's `claims`
 * @throws OidcError `endpoint_error` (`invalid_grant`: the code is used, expired, or not this link's), `token_invalid`,
 *   `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 6749 section 4.1.3, RFC 7636 section 4.5, OIDC Core section 3.1.3
 *
 * @example
 * ```ts
 * import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 *   redirectUri: 'https://app.example.com/callback',
 * } as const
 * export const exchange = (code: string, codeVerifier: string, nonce: string) =>
 *   getAccessTokenByCode(config, { code, codeVerifier, nonce })
 * ```
 */
export async function getAccessTokenByCode(
  config: TokenConfig,
  params: CodeParams,
  options?: RequestOptions,
): Promise<TokenResponse> {
  const {
    codeVerifier,
    nonce,
    state,
    redirectUri = config?.redirectUri,
    maxAge,
    resource,
    trustedAudiences,
  } = requireObject(params, 'params')
  const code = requireString(params.code, 'code')
  if (!redirectUrl(redirectUri)) throw argumentError('redirectUri', 'that of the link, here or in the config')
  if (codeVerifier !== undefined) requireString(codeVerifier, 'codeVerifier', verifierPattern)
  if ((nonce ?? undefined) !== undefined) requireString(nonce, 'nonce')
  return post(
    config,
    'token',
    'token',
    { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier, resource },
    options,
    async (body, bad) => {
      const tokens = readTokens(body, bad, options)
      if (config.protocol == 'oauth') return tokens
      const { id_token, access_token: accessToken, scope } = tokens
      if (id_token)
        tokens.claims = (
          await checkIdToken(
            config,
            id_token,
            { nonce, accessToken, code, state, maxAge, trustedAudiences, fresh: true },
            options,
          )
        ).claims as unknown as IdTokenClaims
      else if (scope === undefined || scope.split(' ').includes('openid')) throw bad('id_token', 'no id_token')
      return tokens
    },
  )
}

import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { configError } from '@genauth-oidc/core/configError'
import { issuer } from '@genauth-oidc/core/issuer'
import { randomString } from '@genauth-oidc/core/randomString'
import { requireObject } from '@genauth-oidc/core/requireObject'
import type { OidcConfig, RandomOptions, RequestOptions } from '@genauth-oidc/core/types'
import { generatePkce } from '@genauth-oidc/pkce/generatePkce'
import { authorizeUrl } from '@genauth-oidc/urls/authorizeUrl'
import type { LoginParams, LoginResponseType, LoginTransaction } from './types.js'

/** How a sign-in is begun. */
export type BeginOptions = RandomOptions & Pick<RequestOptions, 'now'>

/**
 * Begins a sign-in: makes state, nonce and PKCE, the link, and what has to be kept until the callback.
 *
 * @param config - an oidc config
 * @param params - what to ask for
 * @param options - `random` and the clock
 * @returns `url`: redirect the browser there; `transaction`: keep it in the same browser, with `sealTransaction` in a
 *   cookie say, and hand it to `completeLogin`
 * @throws OidcError `argument_invalid`, `config_invalid`, `unsupported_runtime`
 * @see OIDC Core section 3, RFC 7636, RFC 9700 section 2.1
 *
 * @example
 * ```ts
 * import { beginLogin } from '@genauth-oidc/login/beginLogin'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   redirectUri: 'https://app.example.com/callback',
 * } as const
 * export const begin = (returnTo: string) => beginLogin(config, { scope: 'openid profile', appState: returnTo })
 * ```
 */
export async function beginLogin<R extends LoginResponseType = 'code'>(
  config: OidcConfig,
  params?: LoginParams<R>,
  options?: BeginOptions,
): Promise<{ readonly url: URL; readonly transaction: LoginTransaction<R> }> {
  // Only OpenID Connect says who the user is.
  if ((config?.protocol ?? 'oidc') != 'oidc') throw configError('protocol', 'use oidc to sign users in')
  const id = appId(config)
  const given = requireObject(params ?? {}, 'params')
  const { responseType = 'code' as R, responseMode, maxAge, appState } = given
  if (!/code|id_token/.test(responseType)) throw argumentError('responseType', 'one with code or id_token')
  if (appState !== undefined && typeof appState != 'string') throw argumentError('appState', 'a string')
  const { codeVerifier, ...challenge } = await generatePkce(options)
  const state = randomString(options)
  const nonce = randomString(options)
  const url = authorizeUrl(config, { ...given, ...challenge, state, nonce })
  const query = url.searchParams
  const scope = query.get('scope')!
  if (!scope.split(' ').includes('openid')) throw argumentError('scope', 'one with openid')
  return {
    url,
    transaction: {
      state,
      nonce,
      codeVerifier,
      issuer: issuer(config),
      appId: id,
      redirectUri: query.get('redirect_uri')!,
      responseType,
      responseMode,
      scope,
      maxAge,
      appState,
      expiresAt: Math.floor(clock(options)) + 600,
    },
  }
}

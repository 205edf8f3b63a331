import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { redirectUrl } from '@genauth-oidc/core/redirectUrl'
import { requireObject } from '@genauth-oidc/core/requireObject'
import type { CasConfig, Config, OauthConfig, OidcConfig, RandomOptions, SamlConfig } from '@genauth-oidc/core/types'
import { vendorUrl } from '@genauth-oidc/core/vendorUrl'
import { authorizeUrl, type AnyAuthorizeParams } from './authorizeUrl.js'
import type { AuthorizeParams, CasAuthorizeParams, OauthAuthorizeParams } from './types.js'

/**
 * Builds the link that sends a user to GenAuth to sign in. State and nonce are made where they are not given: read them
 * from the URL's `searchParams`, keep them with the user's session, and compare them in `readCallback` and
 * `getAccessTokenByCode`. `beginLogin` of `@genauth-oidc/login` does all that.
 *
 * `prompt=consent` is added when the scope has `offline_access` and no prompt was given: without it GenAuth gives no
 * refresh token.
 *
 * @param config - decides the protocol; SAML and CAS links carry no state
 * @param params - what to ask for; keys that are not listed are never sent
 * @param options - `random` replaces `crypto.getRandomValues`
 * @returns where to redirect the browser
 * @throws OidcError `argument_invalid` naming the param; `config_invalid`; `unsupported_runtime`
 * @see RFC 6749 section 4.1.1, OIDC Core section 3.1.2.1, RFC 7636 section 4.3
 *
 * @example
 * ```ts
 * import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   redirectUri: 'https://app.example.com/callback',
 * } as const
 * export const url = buildAuthorizeUrl(config, { scope: 'openid profile offline_access' })
 * export const state = url.searchParams.get('state')
 * ```
 */
export function buildAuthorizeUrl(config: OidcConfig, params?: AuthorizeParams, options?: RandomOptions): URL
/** Builds the link for OAuth 2.0, whose answer has no ID token. */
export function buildAuthorizeUrl(config: OauthConfig, params?: OauthAuthorizeParams, options?: RandomOptions): URL
/** Builds the link for SAML: GenAuth knows the rest from the application's settings. */
export function buildAuthorizeUrl(config: SamlConfig): URL
/** Builds the link for CAS. */
export function buildAuthorizeUrl(config: CasConfig, params?: CasAuthorizeParams): URL
/** Builds the link where it is known at run time only whether the protocol is oidc or oauth. */
export function buildAuthorizeUrl(
  config: OidcConfig | OauthConfig,
  params?: OauthAuthorizeParams & { readonly responseType?: 'code' | undefined },
  options?: RandomOptions,
): URL
/** Builds the link where the protocol is known at run time only, with the defaults of each. */
export function buildAuthorizeUrl(config: Config): URL
export function buildAuthorizeUrl(
  config: Config,
  params: AnyAuthorizeParams & CasAuthorizeParams = {},
  options?: RandomOptions,
): URL {
  const id = appId(config)
  if (config.protocol !== 'saml' && config.protocol !== 'cas') return authorizeUrl(config, params, options)
  const { service } = requireObject(params, 'params')
  const cas = config.protocol === 'cas'
  const link = vendorUrl(config, (cas ? '/cas-idp/' : '/api/v2/saml-idp/') + encodeURIComponent(id))
  if (cas && service !== undefined) {
    if (!redirectUrl(service)) throw argumentError('service', 'an absolute URL')
    link.searchParams.set('service', service)
  }
  return link
}

import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { randomString } from '@genauth-oidc/core/randomString'
import { redirectUrl } from '@genauth-oidc/core/redirectUrl'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { CasConfig, Config, OauthConfig, OidcConfig, RandomOptions, SamlConfig } from '@genauth-oidc/core/types'
import { verifierPattern } from '@genauth-oidc/core/verifierPattern'
import { vendorUrl } from '@genauth-oidc/core/vendorUrl'
import { checkResponse } from './internal/checkResponse.js'
import type { AuthorizeParams, CasAuthorizeParams, OauthAuthorizeParams, ResponseType } from './types.js'

type AnyParams = Omit<AuthorizeParams, 'responseType' | 'codeChallenge' | 'codeChallengeMethod'> &
  CasAuthorizeParams & {
    readonly responseType?: ResponseType | undefined
    readonly codeChallenge?: string | undefined
    readonly codeChallengeMethod?: string | undefined
  }

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
/** Builds the link where the protocol is known at run time only. */
export function buildAuthorizeUrl(
  config: OidcConfig | OauthConfig,
  params?: OauthAuthorizeParams & { readonly responseType?: 'code' | undefined },
  options?: RandomOptions,
): URL
export function buildAuthorizeUrl(config: Config, params: AnyParams = {}, options?: RandomOptions): URL {
  const clientId = appId(config)
  const { protocol = 'oidc' } = config
  requireObject(params, 'params')
  const redirect = (value: unknown, key: string) => {
    if (!redirectUrl(value)) throw argumentError(key, 'an absolute URL, here or in the config')
    return value
  }
  if (protocol === 'saml' || protocol === 'cas') {
    const id = encodeURIComponent(clientId)
    const { service } = params
    const link = vendorUrl(config, protocol === 'cas' ? `/cas-idp/${id}` : `/api/v2/saml-idp/${id}`)
    if (service !== undefined && protocol === 'cas') link.searchParams.set('service', redirect(service, 'service'))
    return link
  }

  const oidc = protocol !== 'oauth'
  const { responseType = 'code', responseMode, maxAge, codeChallenge, codeChallengeMethod, extra = {} } = params
  const scope = requireString(
    params.scope ?? (oidc ? 'openid profile email phone address' : 'user'),
    'scope',
    /^[!#-[\]-~]+( [!#-[\]-~]+)*$/,
  )
  checkResponse(config, responseType, oidc ? responseMode : undefined)
  if (codeChallenge === undefined && codeChallengeMethod) throw argumentError('codeChallenge', 'given with its method')

  const url = endpoint(config, 'authorization', 'auth')
  const query = url.searchParams
  const set = (key: string, value: unknown, pattern?: RegExp) => {
    if (value !== undefined)
      query.set(
        key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        requireString(value, key, pattern),
      )
  }
  set('state', params.state ?? randomString(options))
  set('scope', scope)
  set('clientId', clientId)
  set('redirectUri', redirect(params.redirectUri ?? config.redirectUri, 'redirectUri'))
  set('responseType', responseType)
  set('codeChallenge', codeChallenge, verifierPattern)
  // A missing method would be read as "plain" (RFC 7636 section 4.3).
  set('codeChallengeMethod', codeChallenge && (codeChallengeMethod ?? 'S256'), /^(S256|plain)$/)
  set('tenantId', params.tenantId)
  if (oidc) {
    set('nonce', params.nonce ?? randomString(options))
    set('responseMode', responseMode)
    // No prompt goes with "none" (OIDC Core section 3.1.2.1).
    set(
      'prompt',
      params.prompt ?? (/(^| )offline_access( |$)/.test(scope) ? 'consent' : undefined),
      /^none$|^(?!.*\bnone\b)/,
    )
    set('maxAge', typeof maxAge == 'number' ? `${maxAge}` : maxAge, /^\d+$/)
    for (const key of ['loginHint', 'uiLocales', 'acrValues', 'idTokenHint'] as const) set(key, params[key])
  }
  for (const [name, value] of Object.entries(requireObject(extra, 'extra'))) {
    if (query.has(name) || /^(client_secret|response_mode|nonce|prompt|request(_uri)?|code_.*)$/.test(name))
      throw argumentError(`extra.${name}`, 'left out')
    query.set(name, requireString(value, `extra.${name}`))
  }
  return url
}

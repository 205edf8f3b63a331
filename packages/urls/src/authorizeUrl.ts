import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { randomString } from '@genauth-oidc/core/randomString'
import { redirectUrl } from '@genauth-oidc/core/redirectUrl'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { OauthConfig, OidcConfig, RandomOptions } from '@genauth-oidc/core/types'
import { verifierPattern } from '@genauth-oidc/core/verifierPattern'
import { checkResponse } from './internal/checkResponse.js'
import type { AuthorizeParams, ResponseType } from './types.js'

/** The params of OpenID Connect, of whatever response type. */
export type AnyAuthorizeParams = Omit<AuthorizeParams, 'responseType' | 'codeChallenge' | 'codeChallengeMethod'> & {
  readonly responseType?: ResponseType | undefined
  readonly codeChallenge?: string | undefined
  readonly codeChallengeMethod?: string | undefined
}

/**
 * Builds the link of OpenID Connect or OAuth 2.0: `buildAuthorizeUrl` without the protocols that have no request of
 * their own, for those who sign in by these two only.
 *
 * @param config - an oidc or oauth config
 * @param params - what to ask for; keys that are not listed are never sent
 * @param options - `random` replaces `crypto.getRandomValues`
 * @returns where to redirect the browser
 * @throws OidcError `argument_invalid` naming the param; `config_invalid`; `unsupported_runtime`
 * @see RFC 6749 section 4.1.1, OIDC Core section 3.1.2.1, RFC 7636 section 4.3
 */
export function authorizeUrl(
  config: OidcConfig | OauthConfig,
  params: AnyAuthorizeParams,
  options?: RandomOptions,
): URL {
  const clientId = appId(config)
  requireObject(params, 'params')
  const oidc = config.protocol !== 'oauth'
  const { responseType = 'code', responseMode, maxAge, codeChallenge, codeChallengeMethod, extra = {} } = params
  const scope = requireString(
    params.scope ?? (oidc ? 'openid profile email phone address' : 'user'),
    'scope',
    /^[!#-[\]-~]+( [!#-[\]-~]+)*$/,
  )
  const redirectUri = params.redirectUri ?? config.redirectUri
  if (!redirectUrl(redirectUri)) throw argumentError('redirectUri', 'an absolute URL, here or in the config')
  checkResponse(config, responseType, oidc ? responseMode : undefined)
  if (codeChallenge === undefined && codeChallengeMethod) throw argumentError('codeChallenge', 'given with its method')

  const url = endpoint(config, 'authorization', 'auth')
  const query = url.searchParams
  const set = (name: string, value: unknown, argument: string, pattern?: RegExp) => {
    if (value !== undefined) query.set(name, requireString(value, argument, pattern))
  }
  set('state', params.state ?? randomString(options), 'state')
  query.set('scope', scope)
  query.set('client_id', clientId)
  query.set('redirect_uri', redirectUri)
  query.set('response_type', responseType)
  set('code_challenge', codeChallenge, 'codeChallenge', verifierPattern)
  // A missing method would be read as "plain" (RFC 7636 section 4.3).
  set(
    'code_challenge_method',
    codeChallenge && (codeChallengeMethod ?? 'S256'),
    'codeChallengeMethod',
    /^(S256|plain)$/,
  )
  set('tenant_id', params.tenantId, 'tenantId')
  if (oidc) {
    set('nonce', params.nonce ?? randomString(options), 'nonce')
    set('response_mode', responseMode, 'responseMode')
    // No prompt goes with "none" (OIDC Core section 3.1.2.1).
    set(
      'prompt',
      params.prompt ?? (/(^| )offline_access( |$)/.test(scope) ? 'consent' : undefined),
      'prompt',
      /^none$|^(?!.*\bnone\b)/s,
    )
    set('max_age', typeof maxAge == 'number' ? `${maxAge}` : maxAge, 'maxAge', /^\d+$/)
    set('login_hint', params.loginHint, 'loginHint')
    set('ui_locales', params.uiLocales, 'uiLocales')
    set('acr_values', params.acrValues, 'acrValues')
    set('id_token_hint', params.idTokenHint, 'idTokenHint')
  }
  for (const [name, value] of Object.entries(requireObject(extra, 'extra'))) {
    if (query.has(name) || /^(client_secret|response_mode|max_age|nonce|prompt|request(_uri)?|code_.*)$/.test(name))
      throw argumentError(`extra.${name}`, 'left out')
    query.set(name, requireString(value, `extra.${name}`))
  }
  return url
}

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
  set('redirectUri', redirectUri)
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

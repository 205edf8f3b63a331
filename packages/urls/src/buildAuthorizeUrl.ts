import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { randomString } from '@genauth-oidc/core/randomString'
import { redirectUrl } from '@genauth-oidc/core/redirectUrl'
import { requireString } from '@genauth-oidc/core/requireString'
import type { CasConfig, Config, OauthConfig, OidcConfig, RandomOptions, SamlConfig } from '@genauth-oidc/core/types'
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
  params?: OauthAuthorizeParams,
  options?: RandomOptions,
): URL
export function buildAuthorizeUrl(
  config: Config,
  params: AnyParams = {},
  options?: RandomOptions,
): URL {
  const clientId = appId(config)
  const id = encodeURIComponent(clientId)
  if (config.protocol == 'saml') return vendorUrl(config, `/api/v2/saml-idp/${id}`)
  if (config.protocol == 'cas') {
    const url = vendorUrl(config, `/cas-idp/${id}`)
    if (params.service !== undefined) url.searchParams.set('service', redirect(params.service, 'service'))
    return url
  }

  const oidc = config.protocol != 'oauth'
  const { responseType = 'code', responseMode, state, nonce, prompt, maxAge, codeChallenge, extra } = params
  const { loginHint, uiLocales, acrValues, idTokenHint, tenantId, codeChallengeMethod } = params
  const scope = requireString(params.scope ?? (oidc ? 'openid profile email phone address' : 'user'), 'scope')
  checkResponse(config, responseType, oidc ? responseMode : undefined)
  if (!/^[!#-[\]-~]+( [!#-[\]-~]+)*$/.test(scope)) throw argumentError('scope', 'scope tokens with single spaces between')
  if (prompt && prompt != 'none' && /\bnone\b/.test(prompt)) throw argumentError('prompt', 'none, or values without none')
  if (maxAge !== undefined && !(maxAge >= 0)) throw argumentError('maxAge', 'a number of seconds from 0 on')
  if (codeChallenge === undefined ? codeChallengeMethod : !/^[\w.~-]{43,128}$/.test(codeChallenge))
    throw argumentError('codeChallenge', '43 to 128 characters, from calculateCodeChallenge')
  if (codeChallengeMethod && !/^(S256|plain)$/.test(codeChallengeMethod))
    throw argumentError('codeChallengeMethod', 'S256 or plain')

  const url = endpoint(config, 'authorization', 'auth')
  const query = url.searchParams
  for (const [key, value] of Object.entries({
    ...(oidc && { nonce: nonce ?? randomString(options) }),
    state: state ?? randomString(options),
    scope,
    clientId,
    redirectUri: redirect(params.redirectUri ?? config.redirectUri, 'redirectUri'),
    responseType,
    ...(oidc && {
      responseMode,
      prompt: prompt ?? (scope.split(' ').includes('offline_access') ? 'consent' : undefined),
      maxAge: maxAge === undefined ? maxAge : `${Math.floor(maxAge)}`,
      loginHint,
      uiLocales,
      acrValues,
      idTokenHint,
    }),
    codeChallenge,
    // A missing method would be read as "plain" (RFC 7636 section 4.3).
    codeChallengeMethod: codeChallenge && (codeChallengeMethod ?? 'S256'),
    tenantId,
  }))
    if (value !== undefined)
      query.set(
        key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        requireString(value, key),
      )
  for (const [name, value] of Object.entries(extra ?? {})) {
    if (
      query.has(name) ||
      /^(client_(id|secret)|redirect_uri|response_(type|mode)|scope|state|nonce|prompt|request(_uri)?|code_(verifier|challenge.*))$/.test(
        name,
      )
    )
      throw argumentError(`extra.${name}`, 'left out: it has a param of its own, or none')
    query.set(name, requireString(value, `extra.${name}`))
  }
  return url
}

function redirect(value: unknown, argument: string): string {
  if (!redirectUrl(value, argument == 'service'))
    throw argumentError(argument, 'an absolute URL without fragment and credentials, here or in the config')
  return value
}

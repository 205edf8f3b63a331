import { argumentError } from '@genauth-oidc/core/argumentError'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { redirectUrl } from '@genauth-oidc/core/redirectUrl'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { Config, OidcConfig } from '@genauth-oidc/core/types'
import { vendorUrl } from '@genauth-oidc/core/vendorUrl'

/** GenAuth's own logout link, which ends the session in this browser. */
export interface LogoutParams {
  readonly expert?: false | undefined
  /** Where the browser goes afterwards; any address. */
  readonly redirectUri?: string | undefined
}

/** The logout link of OpenID Connect RP-Initiated Logout 1.0. */
export interface ExpertLogoutParams {
  readonly expert: true
  /** The user's ID token, sent as `id_token_hint`: the link carries it by design. */
  readonly idToken: string
  /** Sent as `post_logout_redirect_uri`: one of those in the application's settings. */
  readonly redirectUri?: string | undefined
  /** Comes back with the browser, to be compared. */
  readonly state?: string | undefined
}

/**
 * Builds the link that signs a user out. The config's `redirectUri` is never its default: that address is for sign-in.
 *
 * @param config - decides the protocol; `expert` exists for oidc, the other protocols have their one link
 * @param params - by default GenAuth's own link, with `expert: true` the standard one
 * @returns where to redirect the browser, once the local session is dropped
 * @throws OidcError `argument_invalid`; `config_invalid`, also for GenAuth's own link of another provider
 * @see OpenID Connect RP-Initiated Logout 1.0 section 2
 *
 * @example
 * ```ts
 * import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const signOut = (idToken: string) =>
 *   buildLogoutUrl(config, { expert: true, idToken, redirectUri: 'https://app.example.com/' })
 * ```
 */
export function buildLogoutUrl(config: OidcConfig, params?: LogoutParams | ExpertLogoutParams): URL
/** Builds the logout link of another protocol. */
export function buildLogoutUrl(config: Config, params?: LogoutParams): URL
export function buildLogoutUrl(config: Config, params: LogoutParams | ExpertLogoutParams = {}): URL {
  const { protocol = 'oidc' } = requireObject(config, 'config')
  const { redirectUri } = requireObject(params, 'params')
  const expert = params.expert && protocol === 'oidc'
  if (protocol === 'oidc' && !params.expert && 'idToken' in params)
    throw argumentError('idToken', 'left out, or sent with expert: true')
  const url = expert
    ? endpoint(config, 'endSession', 'session/end')
    : vendorUrl(config, protocol === 'cas' ? '/cas-idp/logout' : '/login/profile/logout')
  const query = url.searchParams
  if (expert) query.set('id_token_hint', requireString(params.idToken, 'idToken'))
  if (redirectUri !== undefined) {
    if (!redirectUrl(redirectUri, true)) throw argumentError('redirectUri', 'an absolute URL without credentials')
    query.set(expert ? 'post_logout_redirect_uri' : protocol === 'cas' ? 'url' : 'redirect_uri', redirectUri)
  }
  if (expert && params.state !== undefined) query.set('state', requireString(params.state, 'state'))
  return url
}

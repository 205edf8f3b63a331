import { argumentError } from '@genauth-oidc/core/argumentError'
import type { SamlConfig } from '@genauth-oidc/core/types'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'

/** What comes back with the assertion. */
export interface SamlParams {
  /** At most 80 bytes, and no secret: say, a key under which the page to return to is kept. */
  readonly relayState?: string | undefined
}

/**
 * Builds the link that signs a user in by SAML, with a relay state.
 *
 * @param config - a saml config
 * @param params - the relay state; GenAuth knows the rest from the application's settings
 * @returns where to redirect the browser
 * @throws OidcError `argument_invalid`, `config_invalid`
 * @see SAML 2.0 Bindings section 3.4.3
 *
 * @example
 * ```ts
 * import { buildSamlUrl } from '@genauth-oidc/fapi/buildSamlUrl'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai', protocol: 'saml' } as const
 * export const url = buildSamlUrl(config, { relayState: 'orders' })
 * ```
 */
export function buildSamlUrl(config: SamlConfig, params?: SamlParams): URL {
  const { relayState } = params ?? {}
  const url = buildAuthorizeUrl(config)
  if (relayState !== undefined) {
    if (typeof relayState != 'string' || !relayState || new TextEncoder().encode(relayState).length > 80)
      throw argumentError('relayState', 'a text of at most 80 bytes')
    url.searchParams.set('RelayState', relayState)
  }
  return url
}

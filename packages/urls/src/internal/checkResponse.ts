import { requireString } from '@genauth-oidc/core/requireString'
import type { Config } from '@genauth-oidc/core/types'

/**
 * Refuses a response type that does not exist for the protocol, and a mode that would put a token in a query
 * (OAuth 2.0 Multiple Response Type Encoding Practices section 3).
 *
 * @param config - any config
 * @param responseType - what is asked for
 * @param responseMode - how it is to come back
 * @returns the mode in which the answer comes
 * @throws OidcError `argument_invalid`
 */
export function checkResponse(config: Config, responseType: string, responseMode?: string): string {
  requireString(
    responseType,
    'responseType',
    config?.protocol === 'oauth' ? /^(code|token)$/ : /^(none|code( id_token)?( token)?|id_token( token)?)$/,
  )
  const tokens = /token/.test(responseType)
  return requireString(
    responseMode ?? (tokens ? 'fragment' : 'query'),
    'responseMode',
    // No token may stand in a query.
    tokens ? /^(jwt|(fragment|form_post)(\.jwt)?)$/ : /^(jwt|(query|fragment|form_post)(\.jwt)?)$/,
  )
}

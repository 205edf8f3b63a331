import { argumentError } from '@genauth-oidc/core/argumentError'
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
  if (
    !(config.protocol == 'oauth' ? /^(code|token)$/ : /^(none|code( id_token)?( token)?|id_token( token)?)$/).test(
      responseType,
    )
  )
    throw argumentError('responseType', 'a response type of the protocol')
  const tokens = /token/.test(responseType)
  const mode = responseMode ?? (tokens ? 'fragment' : 'query')
  if (!/^(jwt|(query|fragment|form_post)(\.jwt)?)$/.test(mode) || (tokens && /query/.test(mode)))
    throw argumentError('responseMode', 'query, fragment or form_post, and not query where tokens come back')
  return mode
}

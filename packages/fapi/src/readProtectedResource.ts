import { argumentError } from '@genauth-oidc/core/argumentError'
import { ask } from '@genauth-oidc/core/ask'
import { issuer } from '@genauth-oidc/core/issuer'
import { requireString } from '@genauth-oidc/core/requireString'
import { secureUrl } from '@genauth-oidc/core/secureUrl'
import type { Config, RequestOptions } from '@genauth-oidc/core/types'
import type { ServerConfig } from './types.js'

/** What an API says of itself (RFC 9728 section 2). */
export interface ProtectedResourceMetadata {
  readonly resource: string
  readonly authorization_servers?: readonly string[]
  readonly scopes_supported?: readonly string[]
  readonly bearer_methods_supported?: readonly string[]
  readonly dpop_bound_access_tokens_required?: boolean
  readonly [member: string]: unknown
}

/**
 * Reads what an API says of itself: who issues tokens for it, and which scopes it knows.
 *
 * @param config - any config: the API must accept tokens of its issuer, where it names issuers. One without `issuer` and
 *   `appHost` takes any: then look at `authorization_servers` before you discover one of them
 * @param resource - the API's identifier, an https URL
 * @param options - how to run it
 * @returns the metadata
 * @throws OidcError `response_invalid` with reason `issuer` when the document speaks of another API, or names issuers
 *   without the config's; `argument_invalid`, and those of every request
 * @see RFC 9728 section 3
 *
 * @example
 * ```ts
 * import { readProtectedResource } from '@genauth-oidc/fapi/readProtectedResource'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const scopes = async () =>
 *   (await readProtectedResource(config, 'https://api.example.com/orders')).scopes_supported
 * ```
 */
export async function readProtectedResource(
  config: ServerConfig,
  resource: string,
  options?: RequestOptions,
): Promise<ProtectedResourceMetadata> {
  // Known before anything is asked: a config that names one wrongly is no config without one.
  const wanted = config && config.issuer === undefined && config.appHost === undefined ? '' : issuer(config as Config)
  const url = secureUrl(requireString(resource, 'resource'), config.allowInsecureRequests)
  if (!url) throw argumentError('resource', 'an https URL')
  // Only the slash behind the host goes: one at the end of a path belongs to the identifier (RFC 9728 section 3.1).
  url.pathname = `/.well-known/oauth-protected-resource${url.pathname == '/' ? '' : url.pathname}`
  return ask(
    config as Config,
    'protectedResource',
    url,
    () => ({}),
    { ...options, dpop: undefined },
    (body, bad) => {
      // Character for character: another one is another API (RFC 9728 section 3.3).
      if (body.resource !== resource) throw bad('issuer', 'its resource is not the one that was asked')
      const servers = body.authorization_servers
      if (servers !== undefined && !(Array.isArray(servers) && (!wanted || servers.includes(wanted))))
        throw bad('issuer', "its authorization_servers lack the config's issuer")
      return body as ProtectedResourceMetadata
    },
  )
}

import { argumentError } from '@genauth-oidc/core/argumentError'
import { protocolPath } from '@genauth-oidc/core/protocolPath'
import { secureUrl } from '@genauth-oidc/core/secureUrl'
import type { Config } from '@genauth-oidc/core/types'
import { vendorUrl } from '@genauth-oidc/core/vendorUrl'
import type { FapiOptions } from '../types.js'

/**
 * The address of an endpoint that configs do not name: the metadata's, else, for GenAuth, its engine's route.
 *
 * @param config - any config
 * @param member - of the metadata
 * @param route - below `/oidc`
 * @param options - with the metadata
 * @returns the URL, a fresh object
 * @throws OidcError `argument_invalid` at `metadata`
 */
export function serverEndpoint(config: Config, member: string, route: string, options?: FapiOptions): URL {
  const named = options?.metadata?.[member]
  if (named === undefined && config.appHost) return vendorUrl(config, `${protocolPath(config)}/${route}`)
  const url = secureUrl(named, config.allowInsecureRequests)
  if (!url) throw argumentError('metadata', `given in the options, with an https ${member}: take readServerMetadata`)
  return url
}

import { argumentError } from '@genauth-oidc/core/argumentError'
import { issuer } from '@genauth-oidc/core/issuer'
import { protocolPath } from '@genauth-oidc/core/protocolPath'
import { secureUrl } from '@genauth-oidc/core/secureUrl'
import type { Config } from '@genauth-oidc/core/types'
import { vendorUrl } from '@genauth-oidc/core/vendorUrl'
import type { FapiOptions, ServerConfig, ServerMetadata } from '../types.js'

/**
 * Refuses metadata of another provider: the client's secret would be sent there.
 *
 * @param config - any config
 * @param metadata - what the caller gave
 * @returns the metadata
 * @throws OidcError `argument_invalid` at `metadata`, `config_invalid`
 */
export function ownMetadata(config: Config | ServerConfig, metadata: ServerMetadata): ServerMetadata {
  if (metadata?.issuer !== issuer(config as Config))
    throw argumentError('metadata', "those of the config's own issuer: take readServerMetadata(config)")
  return metadata
}

/**
 * The address of an endpoint that configs do not name: the metadata's; without metadata, for GenAuth, its engine's route.
 *
 * @param config - any config
 * @param member - of the metadata
 * @param route - below `/oidc`
 * @param options - with the metadata
 * @returns the URL, a fresh object
 * @throws OidcError `argument_invalid` at `metadata`, `config_invalid`
 */
export function serverEndpoint(config: Config, member: string, route: string, options?: FapiOptions): URL {
  const metadata = options?.metadata
  if (metadata === undefined && config.appHost) return vendorUrl(config, `${protocolPath(config)}/${route}`)
  // Metadata without the endpoint say that there is none (RFC 9126 section 5): nothing is guessed then.
  const url = metadata && secureUrl(ownMetadata(config, metadata)[member], config.allowInsecureRequests)
  if (!url) throw argumentError('metadata', `given in the options, with an https ${member}: take readServerMetadata`)
  return url
}

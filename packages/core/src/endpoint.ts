import { configError } from './configError.js'
import { protocolPath } from './protocolPath.js'
import { httpsRule, secureUrl } from './secureUrl.js'
import type { Config, Endpoints } from './types.js'
import { vendorUrl } from './vendorUrl.js'

/**
 * The address of an endpoint: the one that the config names, else GenAuth's route. For another provider nothing is
 * guessed.
 *
 * @param config - any config
 * @param name - which endpoint
 * @param route - GenAuth's path below `/oidc` or `/oauth`
 * @returns the URL, a fresh object
 * @throws OidcError `config_invalid` at `endpoints.<name>` or `appHost` when it is missing or no https URL
 */
export function endpoint(config: Config, name: keyof Endpoints, route: string): URL {
  const named = config.endpoints?.[name]
  if (!named && config.appHost) return vendorUrl(config, `${protocolPath(config)}/${route}`)
  const url = secureUrl(named, config.allowInsecureRequests)
  if (!url) throw configError(`endpoints.${name}`, httpsRule)
  return url
}

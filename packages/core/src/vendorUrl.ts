import { appHost } from './appHost.js'
import { configError } from './configError.js'
import { httpsRule, secureUrl } from './secureUrl.js'
import type { Config } from './types.js'

/**
 * An address of GenAuth's own.
 *
 * @param config - any config with `appHost`
 * @param path - from the root, with its slash
 * @returns the URL, a fresh object
 * @throws OidcError `config_invalid` at `appHost`
 */
export function vendorUrl(config: Config, path: string): URL {
  const url = secureUrl(appHost(config) + path, config.allowInsecureRequests)
  if (!url) throw configError('appHost', httpsRule)
  return url
}

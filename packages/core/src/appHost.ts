import { configError } from './configError.js'
import type { Config } from './types.js'

/**
 * The application's host without trailing slashes.
 *
 * @param config - any config
 * @returns for example `https://sample-app.genauth.ai`
 * @throws OidcError `config_invalid` at `appHost` when the config names another provider: only GenAuth has this function
 */
export function appHost(config: Config): string {
  const host = config.appHost
  if (!host || typeof host != 'string') throw configError('appHost', "set it to the application's GenAuth address")
  return host.replace(/\/+$/, '')
}

import { configError } from './configError.js'
import type { Config } from './types.js'

/**
 * The client_id, refused when a config written by hand lacks it.
 *
 * @param config - any config
 * @returns `config.appId`
 * @throws OidcError `config_invalid` at `appId`
 */
export function appId(config: Config): string {
  const id = config?.appId
  if (!id || typeof id != 'string') throw configError('appId', "set it to the application's id")
  return id
}

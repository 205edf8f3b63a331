import { configError } from '@genauth-oidc/core/configError'
import { isObject } from '@genauth-oidc/core/isObject'

/**
 * Refuses what is no config at all, where no field of it is looked at by a function that says so.
 *
 * @param config - what the caller gave
 * @returns the config
 * @throws OidcError `config_invalid`
 */
export function requireConfig<C>(config: C): C {
  if (!isObject(config)) throw configError('appHost', 'set it in a config, the first argument')
  return config
}

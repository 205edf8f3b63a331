import { configError } from './configError.js'
import type { Config } from './types.js'

/**
 * The app secret, from the config or from the function that it names.
 *
 * @param config - any config
 * @returns the secret, or undefined when the config has none
 * @throws OidcError `config_invalid` at `secret` when the function fails or gives no string
 */
export async function readSecret(config: Config): Promise<string | undefined> {
  let secret: unknown = config.secret
  try {
    if (typeof secret == 'function') secret = (await secret()) || 0
  } catch {
    secret = 0
  }
  if (secret !== undefined && (typeof secret != 'string' || !secret))
    throw configError('secret', 'give a non-empty string, or a function that gives one')
  return secret
}

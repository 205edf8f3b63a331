import { configError } from './configError.js'
import { configText } from './configText.js'
import type { Config } from './types.js'

/**
 * The app secret, from the config or from the function that it names.
 *
 * @param config - any config
 * @returns the secret, or undefined when the config has none
 * @throws OidcError `config_invalid` at `secret` when the function fails or gives no string
 */
export async function readSecret({ secret }: Config): Promise<string | undefined> {
  if (secret === undefined) return
  try {
    return configText(typeof secret == 'function' ? await secret() : secret, 'secret')
  } catch {
    // Whatever a secret store says may quote the secret.
    throw configError('secret', 'set a non-empty string, or a function that gives one')
  }
}

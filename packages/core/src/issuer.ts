import { appHost } from './appHost.js'
import { configError } from './configError.js'
import type { Config } from './types.js'

/**
 * The issuer that tokens and callbacks are compared with, character for character (OIDC Core section 3.1.3.7).
 *
 * @param config - any config
 * @returns `config.issuer`, or GenAuth's own: the app host with `/oidc`, or `/oauth` for that protocol
 * @throws OidcError `config_invalid` when the config names neither
 */
export function issuer(config: Config): string {
  const named = config.issuer
  if (named === undefined) return `${appHost(config)}/${config.protocol == 'oauth' ? 'oauth' : 'oidc'}`
  if (!named || typeof named != 'string') throw configError('issuer', 'set it to the issuer of the provider')
  return named
}

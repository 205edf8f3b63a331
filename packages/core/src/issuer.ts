import { appHost } from './appHost.js'
import { configText } from './configText.js'
import { protocolPath } from './protocolPath.js'
import type { Config } from './types.js'

/**
 * The issuer that tokens and callbacks are compared with, character for character (OIDC Core section 3.1.3.7).
 *
 * @param config - any config
 * @returns `config.issuer`, or GenAuth's own: the app host with `/oidc`, or `/oauth` for that protocol
 * @throws OidcError `config_invalid` when the config names neither
 */
export const issuer = (config: Config): string =>
  config?.issuer === undefined ? appHost(config) + protocolPath(config) : configText(config.issuer, 'issuer')

import { configText } from './configText.js'
import type { Config } from './types.js'

/**
 * The client_id, refused when a config written by hand lacks it.
 *
 * @param config - any config
 * @returns `config.appId`
 * @throws OidcError `config_invalid` at `appId`
 */
export const appId = (config: Config): string => configText(config?.appId, 'appId')

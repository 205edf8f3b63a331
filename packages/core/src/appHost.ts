import { configText } from './configText.js'
import type { Config } from './types.js'

/**
 * The application's host without trailing slashes.
 *
 * @param config - any config
 * @returns for example `https://sample-app.genauth.ai`
 * @throws OidcError `config_invalid` at `appHost` when the config names another provider: only GenAuth has this function
 */
export const appHost = (config: Config): string => configText(config?.appHost, 'appHost').replace(/\/+$/, '')

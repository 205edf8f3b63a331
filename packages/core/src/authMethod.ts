import { configError } from './configError.js'
import type { AuthMethod, ClientAuth, Config } from './types.js'

/**
 * The client authentication method of an endpoint, with its default: `client_secret_post` with a secret, else `none`;
 * for introspection `none` only when the config says so.
 *
 * @param config - any config
 * @param at - which of the three endpoints
 * @returns the method
 * @throws OidcError `config_invalid` when the method is unknown or needs a secret that is not there
 */
export function authMethod(config: Config, at: 'token' | 'introspection' | 'revocation'): AuthMethod | ClientAuth {
  const field = `${at}EndpointAuthMethod` as const
  const { secret, [field]: method = secret !== undefined || at == 'introspection' ? 'client_secret_post' : 'none' } =
    config
  if (typeof method != 'function' && method !== 'none') {
    if (method !== 'client_secret_post' && method !== 'client_secret_basic')
      throw configError(field, 'use a known method')
    if (!secret) throw configError('secret', `set it, or ${field}: 'none'`)
  }
  return method
}

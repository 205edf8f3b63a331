import type { RequestOptions } from '@genauth-oidc/core/types'
import { manage, readRegistration } from './internal/registration.js'
import type { ClientHandle, ClientRegistration, ServerConfig } from './types.js'

/**
 * Reads a registered client as the provider keeps it.
 *
 * @param config - where the provider is
 * @param client - address and token, from the registration
 * @param options - how to run it
 * @returns the client; its secret and its registration access token may be new ones: store them
 * @throws OidcError `endpoint_error` (`invalid_token`: the client is gone), `response_invalid`, `argument_invalid`,
 *   `network`, `timeout`, `aborted`
 * @see RFC 7592 section 2.1
 *
 * @example
 * ```ts
 * import { readClient } from '@genauth-oidc/fapi/readClient'
 * import type { ClientHandle } from '@genauth-oidc/fapi/types'
 *
 * export const read = (client: ClientHandle) => readClient({ issuer: 'https://id.example.com' }, client)
 * ```
 */
export async function readClient(
  config: ServerConfig,
  client: ClientHandle,
  options?: RequestOptions,
): Promise<ClientRegistration> {
  return manage(config, client, {}, 200, readRegistration(config), options)
}

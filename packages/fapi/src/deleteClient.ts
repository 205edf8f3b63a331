import type { RequestOptions } from '@genauth-oidc/core/types'
import { manage } from './internal/registration.js'
import type { ClientHandle, ServerConfig } from './types.js'

/**
 * Deletes a registered client at the provider.
 *
 * @param config - where the provider is
 * @param client - address and token, from the registration
 * @param options - how to run it
 * @returns true; anything else is an error
 * @throws OidcError `endpoint_error`, `response_invalid`, `argument_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 7592 section 2.3
 *
 * @example
 * ```ts
 * import { deleteClient } from '@genauth-oidc/fapi/deleteClient'
 * import type { ClientHandle } from '@genauth-oidc/fapi/types'
 *
 * export const forget = (client: ClientHandle) => deleteClient({ issuer: 'https://id.example.com' }, client)
 * ```
 */
export async function deleteClient(
  config: ServerConfig,
  client: ClientHandle,
  options?: RequestOptions,
): Promise<true> {
  return manage(config, client, { method: 'DELETE' }, 204, () => true as const, options)
}

import { argumentError } from '@genauth-oidc/core/argumentError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import type { JsonObject, RequestOptions } from '@genauth-oidc/core/types'
import { manage, readRegistration, requireMetadata } from './internal/registration.js'
import type { ClientHandle, ClientRegistration, ServerConfig } from './types.js'

/** A registered client, and what it is to be. */
export interface UpdateParams extends ClientHandle {
  /** The whole client by wire name, `client_id` included: what is left out is reset or deleted. */
  readonly metadata: JsonObject
}

/**
 * Replaces a registered client's metadata.
 *
 * @param config - where the provider is
 * @param client - address and token, from the registration, and the whole new metadata
 * @param options - how to run it
 * @returns the client as the provider keeps it now: store it
 * @throws OidcError `endpoint_error` (`invalid_client_metadata`), `response_invalid`, `argument_invalid`, `network`,
 *   `timeout`, `aborted`
 * @see RFC 7592 section 2.2
 *
 * @example
 * ```ts
 * import { updateClient } from '@genauth-oidc/fapi/updateClient'
 * import type { ClientHandle } from '@genauth-oidc/fapi/types'
 *
 * export const rename = (client: ClientHandle, metadata: { client_id: string }) =>
 *   updateClient({ issuer: 'https://id.example.com' }, { ...client, metadata: { ...metadata, client_name: 'New' } })
 * ```
 */
export async function updateClient(
  config: ServerConfig,
  client: UpdateParams,
  options?: RequestOptions,
): Promise<ClientRegistration> {
  const { client_id, ...rest } = requireMetadata(requireObject(client, 'client').metadata)
  if (!client_id) throw argumentError('metadata', 'the whole client, with its client_id')
  // What the server alone decides may not be sent (RFC 7592 section 2.2).
  const decided = /^(registration_(access_token|client_uri)|client_secret_expires_at|client_id_issued_at)$/
  const json = { client_id, ...Object.fromEntries(Object.entries(rest).filter(([name]) => !decided.test(name))) }
  return manage(config, client, { method: 'PUT', json }, 200, readRegistration(config, client_id), options)
}

import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { Config, JsonObject } from '@genauth-oidc/core/types'
import { requireConfig } from './internal/requireConfig.js'
import { bearer, readRegistration, requireMetadata } from './internal/registration.js'
import { send } from './internal/send.js'
import { serverEndpoint } from './internal/serverEndpoint.js'
import type { ClientRegistration, FapiOptions, ServerConfig } from './types.js'

/** A client to be registered. */
export interface RegisterParams {
  /** By wire name: `redirect_uris`, `token_endpoint_auth_method`, `jwks`, ... (RFC 7591 section 2). */
  readonly metadata: JsonObject
  /** Where the provider does not register just anybody. */
  readonly initialAccessToken?: string | undefined
}

/**
 * Registers a client with the provider.
 *
 * @param config - where the provider is: there is no `appId` yet
 * @param params - the client's metadata
 * @param options - `metadata` of the provider says where to
 * @returns the client as the provider keeps it: store it, its `client_id` is the `appId` of a config
 * @throws OidcError `endpoint_error` (`invalid_client_metadata`, `invalid_redirect_uri`), `response_invalid`,
 *   `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 7591 section 3, OpenID Connect Dynamic Client Registration
 *
 * @example
 * ```ts
 * import { readServerMetadata } from '@genauth-oidc/fapi/readServerMetadata'
 * import { registerClient } from '@genauth-oidc/fapi/registerClient'
 *
 * const server = { issuer: 'https://id.example.com' }
 * export async function register(redirectUri: string) {
 *   const metadata = await readServerMetadata(server)
 *   return registerClient(server, { metadata: { redirect_uris: [redirectUri] } }, { metadata })
 * }
 * ```
 */
export async function registerClient(
  config: ServerConfig,
  params: RegisterParams,
  options?: FapiOptions,
): Promise<ClientRegistration> {
  const { metadata, initialAccessToken: token } = requireObject(params, 'params')
  requireConfig(config)
  const json = requireMetadata(metadata)
  if (token !== undefined) requireString(token, 'initialAccessToken', bearer)
  const url = serverEndpoint(config as Config, 'registration_endpoint', 'reg', options)
  return send(config as Config, 'registration', url, () => ({ json, token }), options, {
    status: 201,
    judge: readRegistration(config),
  })
}

import type { Bad } from '@genauth-oidc/core/ask'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import { secureUrl } from '@genauth-oidc/core/secureUrl'
import type { Config, JsonObject, RequestOptions } from '@genauth-oidc/core/types'
import type { ClientHandle, ClientRegistration, ServerConfig } from '../types.js'
import { requireConfig } from './requireConfig.js'
import { send, toJson, type Message } from './send.js'
import { toText } from './toText.js'

/** Reads the client as the provider keeps it. */
export const readRegistration =
  (config: ServerConfig, expectedId?: unknown) =>
  (text: string, bad: Bad): ClientRegistration => {
    const client = toJson(text, bad)
    const { client_id, client_secret, client_secret_expires_at: expiry } = client
    const { registration_client_uri: uri, registration_access_token: token } = client
    if (!client_id || typeof client_id != 'string') throw bad('shape', 'client_id is missing')
    if (expectedId !== undefined && client_id !== expectedId) throw bad('shape', 'it is another client')
    if (client_secret !== undefined && !(client_secret && typeof client_secret == 'string'))
      throw bad('shape', 'client_secret is no text')
    if (client_secret !== undefined && !(Number.isFinite(expiry) && (expiry as number) >= 0))
      throw bad('shape', 'client_secret_expires_at is missing')
    if (token !== undefined && !(token && typeof token == 'string'))
      throw bad('shape', 'registration_access_token is no text')
    if (uri !== undefined && !secureUrl(uri, config.allowInsecureRequests))
      throw bad('shape', 'registration_client_uri is no https URL')
    return client as ClientRegistration
  }

/** What a bearer token is made of (RFC 6750 section 2.1). */
export const bearer = /^[\w.~+/=-]+$/

/** Asks the client configuration endpoint, which each client has one of. */
export async function manage<T>(
  config: ServerConfig,
  client: ClientHandle,
  message: Message,
  status: number,
  judge: (text: string, bad: Bad) => T,
  options?: RequestOptions,
): Promise<T> {
  const { registrationClientUri, registrationAccessToken } = requireObject(client, 'client')
  const url = secureUrl(registrationClientUri, requireConfig(config).allowInsecureRequests)
  if (!url) throw argumentError('registrationClientUri', 'the https URL of the registration')
  const token = requireString(registrationAccessToken, 'registrationAccessToken', bearer)
  return send(config as Config, 'registration', url, () => ({ ...message, token }), options, {
    status,
    type: status == 204 ? null : 'application/json',
    judge,
  })
}

/** Refuses what is no client metadata. */
export function requireMetadata(metadata: unknown): JsonObject {
  const client = requireObject(metadata as JsonObject, 'metadata')
  toText(client, 'metadata')
  return client
}

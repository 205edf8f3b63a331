import type { ClientAuth } from '@genauth-oidc/core/types'

/**
 * Authenticates the client by the certificate of its TLS connection, which the config's `fetch` brings; the request
 * itself carries the client_id only. Take `useMtlsEndpoints` where the provider has other addresses for it.
 *
 * @returns a method for the config's `tokenEndpointAuthMethod` and its siblings
 * @see RFC 8705 section 2
 *
 * @example
 * ```ts
 * import { TlsClientAuth } from '@genauth-oidc/fapi/TlsClientAuth'
 * import type { FetchLike } from '@genauth-oidc/core/types'
 *
 * export const configure = (fetchWithCertificate: FetchLike) => ({
 *   appId: 'an-app-id',
 *   issuer: 'https://id.example.com',
 *   tokenEndpointAuthMethod: TlsClientAuth(),
 *   fetch: fetchWithCertificate,
 * })
 * ```
 */
export function TlsClientAuth(): ClientAuth {
  return (_as, { client_id }: { client_id: string }, body) => body.set('client_id', client_id)
}

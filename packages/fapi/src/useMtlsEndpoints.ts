import { isObject } from '@genauth-oidc/core/isObject'
import type { Endpoints, TokenConfig } from '@genauth-oidc/core/types'
import { requireConfig } from './internal/requireConfig.js'
import { ownMetadata } from './internal/serverEndpoint.js'
import type { ServerMetadata } from './types.js'

// The members of the metadata that are endpoints of a config.
const members = {
  token: 'token_endpoint',
  userInfo: 'userinfo_endpoint',
  introspection: 'introspection_endpoint',
  revocation: 'revocation_endpoint',
} as const

/**
 * Puts the addresses for clients that come with a certificate in the place of the others.
 *
 * @param config - an oidc or oauth config
 * @param metadata - from `readServerMetadata` with this config
 * @returns both with those addresses: the config for the token functions, the metadata for `options.metadata` here
 * @throws OidcError `argument_invalid`, `config_invalid`
 * @see RFC 8705 section 5
 *
 * @example
 * ```ts
 * import { useMtlsEndpoints } from '@genauth-oidc/fapi/useMtlsEndpoints'
 * import type { ServerMetadata } from '@genauth-oidc/fapi/types'
 *
 * export const configure = (metadata: ServerMetadata) =>
 *   useMtlsEndpoints({ appId: 'an-app-id', issuer: 'https://id.example.com' }, metadata).config
 * ```
 */
export function useMtlsEndpoints<C extends TokenConfig>(
  config: C,
  metadata: ServerMetadata,
): { readonly config: C; readonly metadata: ServerMetadata } {
  requireConfig(config)
  const { mtls_endpoint_aliases } = ownMetadata(config, metadata)
  const aliases = isObject(mtls_endpoint_aliases) ? mtls_endpoint_aliases : {}
  const endpoints: Record<string, unknown> = { ...config.endpoints }
  for (const [name, member] of Object.entries(members)) if (member in aliases) endpoints[name] = aliases[member]
  return {
    config: Object.freeze<C>({ ...config, endpoints: Object.freeze(endpoints as Endpoints) }),
    metadata: Object.freeze({ ...metadata, ...aliases }),
  }
}

import { argumentError } from '@genauth-oidc/core/argumentError'
import { ask } from '@genauth-oidc/core/ask'
import { clock } from '@genauth-oidc/core/clock'
import { configError } from '@genauth-oidc/core/configError'
import { isObject } from '@genauth-oidc/core/isObject'
import { issuer } from '@genauth-oidc/core/issuer'
import { httpsRule, secureUrl } from '@genauth-oidc/core/secureUrl'
import type { Config, JsonObject, JsonStore, RequestOptions } from '@genauth-oidc/core/types'
import { patiently } from '@genauth-oidc/core/patiently'
import type { ServerConfig, ServerMetadata } from './types.js'

/** How metadata is read. */
export interface ServerMetadataOptions extends RequestOptions {
  /** `oauth` reads RFC 8414's document, for a server that is no OpenID provider. Default: `oidc`. */
  readonly kind?: 'oidc' | 'oauth' | undefined
  /**
   * Keeps the document for an hour: a `Map`, or KV or Redis through unstorage, say. Without one each call asks the provider.
   * One that fails, or does not answer within the config's `timeout`, is done without.
   */
  readonly store?: JsonStore | undefined
}

/**
 * Reads what the provider says of itself: where its further endpoints are, and what it demands of clients. `discover` of
 * core makes a config from the same document; what a config has no field for is found here.
 *
 * @param config - any config; its issuer is what the document must speak of
 * @param options - which document, where to keep it, how to run it
 * @returns the metadata, for `options.metadata` of the functions of this package; its addresses are judged where they
 *   are used
 * @throws OidcError `config_invalid` at `issuer` when it is no https URL; `response_invalid` with reason `issuer` when the
 *   document speaks of another issuer; and those of every request
 * @see OpenID Connect Discovery section 4, RFC 8414 section 3
 *
 * @example
 * ```ts
 * import { readServerMetadata } from '@genauth-oidc/fapi/readServerMetadata'
 *
 * const config = { appId: 'an-app-id', issuer: 'https://id.example.com' } as const
 * export const needsPar = async () => (await readServerMetadata(config)).require_pushed_authorization_requests
 * ```
 */
export async function readServerMetadata(
  config: ServerConfig,
  options?: ServerMetadataOptions,
): Promise<ServerMetadata> {
  const named = issuer(config as Config)
  const { kind = 'oidc', store } = options ?? {}
  if (!['oidc', 'oauth'].includes(kind)) throw argumentError('kind', 'oidc or oauth')
  const key = `genauth-oidc:server-metadata:${kind}:${named}`
  const wait = async (work: () => unknown) => (store ? patiently(work, config.timeout, options) : undefined)
  const kept = await wait(() => store!.get(key))
  const now = clock(options)
  const holds = (value: unknown): value is ServerMetadata => isObject(value) && value.issuer === named
  // What a store gives back is judged like an answer of the provider.
  if (isObject(kept) && typeof kept.at == 'number' && kept.at <= now && kept.at > now - 3600 && holds(kept.value))
    return kept.value
  const url = secureUrl(named, config.allowInsecureRequests)
  if (!url) throw configError('issuer', httpsRule)
  const path = url.pathname.replace(/\/$/, '')
  // RFC 8414 puts the well-known part before the issuer's path, OpenID Connect behind it.
  url.pathname =
    kind == 'oauth' ? `/.well-known/oauth-authorization-server${path}` : `${path}/.well-known/openid-configuration`
  return ask(
    config as Config,
    'discovery',
    url,
    () => ({}),
    // A document that anybody may read needs no proof.
    { ...options, dpop: undefined },
    async (body: JsonObject, bad) => {
      if (!holds(body)) throw bad('issuer', 'its issuer is not the one of the config')
      await wait(() => store!.set(key, { at: now, value: body }))
      return body
    },
  )
}

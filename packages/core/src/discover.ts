import { looseObject, optional, string, safeParse } from 'valibot'
import { ask } from './ask.js'
import { clock } from './clock.js'
import { defineConfig } from './defineConfig.js'
import { isObject } from './isObject.js'
import { issuer } from './issuer.js'
import { OidcError } from './OidcError.js'
import { patiently } from './patiently.js'
import { secureUrl } from './secureUrl.js'
import type { ConfigInput, Endpoints, JsonObject, JsonStore, OidcConfig, RequestOptions } from './types.js'

// The members of the metadata that become endpoints of the config (OIDC Discovery section 3, RFC 8414 section 2).
const members = {
  authorization: 'authorization_endpoint',
  token: 'token_endpoint',
  userInfo: 'userinfo_endpoint',
  jwks: 'jwks_uri',
  introspection: 'introspection_endpoint',
  revocation: 'revocation_endpoint',
  endSession: 'end_session_endpoint',
} as const

/** How discovery is run. */
export interface DiscoverOptions extends RequestOptions {
  /**
   * Keeps the provider's metadata for an hour: a `Map`, or KV or Redis through unstorage, say. Without one each call asks the provider.
   * One that fails, or does not answer within the config's `timeout`, is done without.
   */
  readonly store?: JsonStore | undefined
}

/**
 * Makes a config from the provider's own metadata (OpenID Connect Discovery section 4): its endpoints, and whether its
 * callbacks carry `iss` (RFC 9207). What the input names wins, and the list of algorithms is never widened.
 *
 * @param input - as for `defineConfig`; `issuer` names a provider that is not GenAuth
 * @param options - how to run it; `store` keeps the metadata between calls
 * @returns the frozen config
 * @throws OidcError `config_invalid`; `response_invalid` with reason `issuer` when the document speaks of another
 *   issuer, or `shape` when a member is no https URL; and those of every request
 *
 * @example
 * ```ts
 * import { discover } from '@genauth-oidc/core/discover'
 *
 * export const connect = () => discover({ appId: 'an-app-id', issuer: 'https://id.example.com' })
 * ```
 */
export async function discover(input: ConfigInput<'oidc'>, options: DiscoverOptions = {}): Promise<OidcConfig> {
  const given = defineConfig(input)
  const named = issuer(given)
  const store = options?.store
  const key = `genauth-oidc:metadata:${named}`
  const now = clock(options)
  const parse = (metadata: JsonObject, bad: (problem: string, reason?: 'issuer') => Error) => {
    const shape = safeParse(
      looseObject({
        issuer: string(),
        ...Object.fromEntries(Object.values(members).map((member) => [member, optional(string())])),
      }),
      metadata,
    )
    const wrong = shape.issues?.[0]?.path?.[0]?.key
    if (wrong) throw bad(`its ${wrong as string} is not a string`)
    // Another issuer, be it by one slash, is another server (OIDC Discovery section 4.3).
    if (metadata.issuer !== named) throw bad('its issuer is not the one of the config', 'issuer')
    const endpoints: Record<string, string> = {}
    for (const [name, member] of Object.entries(members)) {
      const url = metadata[member]
      if (url === undefined) continue
      if (!secureUrl(url, given.allowInsecureRequests)) throw bad(`its ${member} is not an https URL`)
      endpoints[name] = url as string
    }
    return { endpoints: endpoints as Endpoints, iss: metadata.authorization_response_iss_parameter_supported === true }
  }
  // Where the signal fires meanwhile, it is the question to the provider that says so.
  const kept = await patiently(() => store?.get(key), given.timeout, options)
  // What a store gives back is judged like an answer of the provider.
  const fresh =
    isObject(kept) && typeof kept.at == 'number' && kept.at <= now && kept.at > now - 3600 && isObject(kept.value)
  const found = fresh
    ? parse((kept as { value: JsonObject }).value, (problem, reason = 'shape' as never) => {
        return new OidcError(
          'response_invalid',
          `The stored discovery document is not usable: ${problem}. Delete it from the store.`,
          { endpoint: 'discovery', status: 0, reason },
        )
      })
    : await ask(
        given,
        'discovery',
        new URL(`${named.replace(/\/$/, '')}/.well-known/openid-configuration`),
        () => ({}),
        options,
        async (body, bad) => {
          const metadata = parse(body, (problem, reason) => bad(reason ?? 'shape', problem))
          await patiently(() => store?.set(key, { at: now, value: body }), given.timeout, options)
          return metadata
        },
      )
  return defineConfig({
    ...given,
    issuer: named,
    requireIss: given.requireIss ?? found.iss,
    // An undefined one is named by nobody: say, an unset variable of the environment.
    endpoints: {
      ...found.endpoints,
      ...Object.fromEntries(Object.entries(given.endpoints ?? {}).filter(([, url]) => url)),
    },
  })
}

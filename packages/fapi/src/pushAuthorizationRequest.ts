import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { fromBase64url } from '@genauth-oidc/core/fromBase64url'
import type { FetchLike, JsonObject, TokenConfig } from '@genauth-oidc/core/types'
import { askAsClient } from './internal/askAsClient.js'
import { tokenProtocol } from './internal/grant.js'
import { linkFields } from './internal/linkFields.js'
import { dpopJkt } from './internal/prover.js'
import { readJson } from './internal/readJson.js'
import { ownMetadata, serverEndpoint } from './internal/serverEndpoint.js'
import type { FapiOptions, LinkParams } from './types.js'

/** How a request is pushed. */
export interface PushOptions extends FapiOptions {
  /**
   * `required`: a provider whose metadata do not demand it gets the link as it is. Default: `always`.
   */
  readonly when?: 'always' | 'required' | undefined
}

/**
 * Hands an authorization request to the provider directly, authenticated, and gives the short link that stands for it:
 * what is asked for passes no browser, and nobody can change it.
 *
 * @param config - an oidc or oauth config; the client authenticates as at the token endpoint
 * @param params - the link of `buildAuthorizeUrl`, `beginLogin` or `signRequestObject`, alone or with what it does not say
 * @param options - `metadata` says where to; with `dpop` the code itself is bound to the key. A signed request that is not
 *   pushed (`when`) has to name that key inside: give `dpop` to `signRequestObject`, too
 * @returns where to redirect the browser at once: the link is good for a minute or so, and for one use
 * @throws OidcError `endpoint_error`, `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 9126 sections 2 and 5, RFC 9449 sections 10 and 10.1
 *
 * @example
 * ```ts
 * import { pushAuthorizationRequest } from '@genauth-oidc/fapi/pushAuthorizationRequest'
 * import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 *   redirectUri: 'https://app.example.com/callback',
 * } as const
 * export const begin = (state: string, nonce: string, codeChallenge: string) =>
 *   pushAuthorizationRequest(config, buildAuthorizeUrl(config, { state, nonce, codeChallenge }))
 * ```
 */
export async function pushAuthorizationRequest(
  config: TokenConfig,
  params: URL | LinkParams,
  options?: PushOptions,
): Promise<URL> {
  tokenProtocol(config)
  const fields = linkFields(config, params)
  const url = endpoint(config, 'authorization', 'auth')
  const { when, metadata, dpop } = options ?? {}
  if (metadata !== undefined) ownMetadata(config, metadata)
  if (when === 'required' && metadata?.require_pushed_authorization_requests !== true) {
    for (const [name, value] of fields) url.searchParams.append(name, value)
    // Where the proof does not travel with the request, its key is named (RFC 9449 section 10).
    const jkt = await dpopJkt(dpop)
    const request = fields.get('request')
    if (jkt && request === null) url.searchParams.set('dpop_jkt', jkt)
    // What stands beside a request object does not count (RFC 9101 section 6.3).
    else if (jkt && signedJkt(request!) !== jkt)
      throw argumentError('dpop', 'the one that signRequestObject got in its options, or the request be pushed')
    return url
  }
  const fetch = (options?.fetch ?? config.fetch ?? globalThis.fetch) as FetchLike | undefined
  let status: number
  const request_uri = await askAsClient(
    config,
    'pushedAuthorization',
    serverEndpoint(config, 'pushed_authorization_request_endpoint', 'request', options),
    fields,
    {
      ...options,
      fetch:
        fetch &&
        (async (to, init) => {
          const answer = await fetch(to, init)
          const { body, headers, redirected, url: from } = answer
          status = answer.status
          // What was made is answered with 201 (RFC 9126 section 2.2); `ask` knows 200 only.
          return status == 201
            ? { status: 200, body, headers, redirected, url: from, text: async () => answer.text() }
            : answer
        }),
    },
    ({ request_uri: uri, expires_in }, bad) => {
      if (status != 201) throw bad('status')
      if (!uri || typeof uri != 'string') throw bad('shape', 'request_uri is missing')
      if (!(Number.isFinite(expires_in) && (expires_in as number) > 0)) throw bad('shape', 'expires_in is not positive')
      return uri
    },
  )
  url.searchParams.set('client_id', appId(config))
  url.searchParams.set('request_uri', request_uri)
  return url
}

/** The key that a request object names; undefined where it names none, or can't be read. */
function signedJkt(request: string): unknown {
  const [, payload = ''] = request.split('.')
  return (Object(readJson(fromBase64url(payload) ?? '')) as JsonObject).dpop_jkt
}

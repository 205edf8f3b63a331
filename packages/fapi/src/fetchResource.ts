import { argumentError } from '@genauth-oidc/core/argumentError'
import { configError } from '@genauth-oidc/core/configError'
import { OidcError } from '@genauth-oidc/core/OidcError'
import { request } from '@genauth-oidc/core/request'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import { secureUrl } from '@genauth-oidc/core/secureUrl'
import type { Config, RequestOptions } from '@genauth-oidc/core/types'
import { prover } from './internal/prover.js'
import { requireConfig } from './internal/requireConfig.js'
import type { ServerConfig } from './types.js'

/** A request to an API. */
export interface ResourceParams {
  /** An https URL. */
  readonly url: string | URL
  readonly accessToken: string
  /** Default: GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined
  /** The request's own headers, say `content-type`. Those of the token are refused. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

/**
 * Calls an API with an access token: bound to its key with `options.dpop`, else as a bearer token. When the API asks for
 * a nonce the request is sent again, once; nothing else is repeated, and no redirect is followed.
 *
 * @param config - any config; its `timeout`, `fetch` and `allowInsecureRequests` are used
 * @param params - the request
 * @param options - `dpop` from `createDpop`, with the key that the token was asked for with
 * @returns the API's answer, of whatever status, read in full (1 MiB at most)
 * @throws OidcError `response_invalid` for a redirect or too much, `argument_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 9449 sections 7 and 9, RFC 6750 section 2.1
 *
 * @example
 * ```ts
 * import { fetchResource } from '@genauth-oidc/fapi/fetchResource'
 * import type { DpopHandle } from '@genauth-oidc/core/types'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const orders = async (accessToken: string, dpop: DpopHandle) =>
 *   (await fetchResource(config, { url: 'https://api.example.com/orders', accessToken }, { dpop })).json()
 * ```
 */
export async function fetchResource(
  config: Config | ServerConfig,
  params: ResourceParams,
  options: RequestOptions = {},
): Promise<Response> {
  const { accessToken, headers, body, ...rest } = requireObject(params, 'params')
  // What a proof names has to be what fetch sends.
  const method = (rest.method ?? 'GET').toUpperCase()
  const url = secureUrl(params.url, requireConfig(config).allowInsecureRequests)
  if (!url) throw argumentError('url', 'an https URL')
  // What can't stand in a header never reaches one (RFC 6750 section 2.1).
  if (!/^[\w.~+/=-]+$/.test(requireString(accessToken, 'accessToken')))
    throw argumentError('accessToken', 'as the server gave it')
  const dpop = prover(options)
  for (let again = !dpop; ; again = true) {
    const send: Record<string, string> = {}
    for (const [name, value] of Object.entries({ ...options.headers, ...headers })) {
      if (/^(authorization|dpop|host|content-length)$/i.test(name) || !/^[\t -~]*$/.test(value))
        throw argumentError('headers', 'printable, and none that the protocol sets')
      send[name] = value
    }
    send.authorization = `${dpop ? 'DPoP' : 'Bearer'} ${accessToken}`
    try {
      await dpop?.addProof(url, { set: (name, value) => (send[name] = value) }, method, accessToken)
    } catch {
      throw configError('dpop', 'give a handle from createDpop')
    }
    const answer = await request(
      config as Config,
      'protectedResource',
      url,
      { method: method as 'GET', headers: send, body },
      options,
    )
    dpop?.cacheNonce(answer, url)
    const { status, text, reason } = answer
    const challenge = answer.headers.get('www-authenticate') ?? ''
    if (!again && status == 401 && /\berror="?use_dpop_nonce\b/.test(challenge)) continue
    if (reason)
      throw new OidcError('response_invalid', `The API failed (HTTP ${status}): ${reason}.`, {
        endpoint: 'protectedResource',
        status,
        reason,
      })
    // These statuses can't have a body.
    const empty = [101, 204, 205, 304].includes(status)
    return new Response(empty ? null : text, { status, headers: answer.headers as Headers })
  }
}

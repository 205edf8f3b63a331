import { argumentError } from '@genauth-oidc/core/argumentError'
import { OidcError, type ResponseReason } from '@genauth-oidc/core/OidcError'
import { request } from '@genauth-oidc/core/request'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import { secureUrl } from '@genauth-oidc/core/secureUrl'
import type { Config, FetchLike, RequestOptions } from '@genauth-oidc/core/types'
import { ownHeaders } from './internal/ownHeaders.js'
import { prover } from './internal/prover.js'
import { bearer } from './internal/registration.js'
import { readBytes } from './internal/readBytes.js'
import { requireConfig } from './internal/requireConfig.js'
import type { ServerConfig } from './types.js'

/** A request to an API. */
export interface ResourceParams {
  /** An https URL. */
  readonly url: string | URL
  readonly accessToken: string
  /** Default: GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined
  /** The request's own headers, say `content-type`. Those of the token and of the connection are refused. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Not with GET and HEAD. */
  readonly body?: string | undefined
}

/**
 * Calls an API with an access token: bound to its key with `options.dpop`, else as a bearer token. When the API asks for
 * a nonce the request is sent again, once; nothing else is repeated, and no redirect is followed.
 *
 * @param config - any config; its `timeout`, `fetch` and `allowInsecureRequests` are used
 * @param params - the request
 * @param options - `dpop` from `createDpop`, with the key that the token was asked for with
 * @returns the API's answer, of whatever status but a redirect's, and whatever it holds, read in full (1 MiB at most)
 * @throws OidcError `response_invalid` for a redirect, for too much, or for no status of HTTP, `argument_invalid`, `network`, `timeout`, `aborted`
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
  options?: RequestOptions,
): Promise<Response> {
  const { accessToken, headers, body, method: named = 'GET', url: address } = requireObject(params, 'params')
  // What a proof names has to be what fetch sends.
  const method = typeof named == 'string' ? named.toUpperCase() : ''
  if (!/^(GET|HEAD|POST|PUT|PATCH|DELETE)$/.test(method)) throw argumentError('method', 'GET, POST, PUT, PATCH, DELETE')
  if (body !== undefined && (typeof body != 'string' || /^(GET|HEAD)$/.test(method)))
    throw argumentError('body', 'a text, and left out with GET and HEAD')
  const url = secureUrl(address instanceof URL ? address.href : address, requireConfig(config).allowInsecureRequests)
  if (!url) throw argumentError('url', 'an https URL')
  // What can't stand in a header never reaches one (RFC 6750 section 2.1).
  requireString(accessToken, 'accessToken', bearer)
  const dpop = prover(options)
  const fetch = (options?.fetch ?? config.fetch ?? globalThis.fetch) as FetchLike | undefined
  for (let again = !dpop; ; again = true) {
    const send = ownHeaders(
      { ...options?.headers, ...headers },
      /^(authorization|dpop|host|content-length|connection|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$/i,
    )
    send.authorization = `${dpop ? 'DPoP' : 'Bearer'} ${accessToken}`
    await dpop?.addProof(url, { set: (name, value) => (send[name] = value) }, method, accessToken)
    let status = 0
    let bytes: Uint8Array<ArrayBuffer> | undefined
    const answer = await request(
      config as Config,
      'protectedResource',
      url,
      { method: method as 'GET', headers: send, body },
      {
        ...options,
        fetch:
          fetch &&
          (async (to, init) => {
            const response = await fetch(to, init)
            const { headers, redirected, url: from } = response
            status = response.status
            // An API's answer need not be a text: it is read here as it is. Of a redirect nothing is read.
            const moved = /^[03]/.test(`${status}`) && status != 304
            if (!moved) bytes = await readBytes(response, 1 << 20)
            // What has not changed since (RFC 9110 section 15.4.5) leads nowhere else, though its status looks like it.
            return { status: moved ? status : 200, headers, redirected, url: from!, text: async () => '' }
          }),
      },
    )
    dpop?.cacheNonce(answer, url)
    const challenge = answer.headers.get('www-authenticate') ?? ''
    if (!again && status == 401 && /\berror *= *"?use_dpop_nonce\b/.test(challenge)) continue
    // Others can't be told apart from an answer by the platform, or are none of an answer.
    const known = Number.isInteger(status) && status >= 200 && status < 600
    const reason: ResponseReason | undefined = answer.reason ?? (!known ? 'status' : bytes ? undefined : 'too_large')
    if (reason)
      throw new OidcError('response_invalid', `The API failed (HTTP ${status}): ${reason}.`, {
        endpoint: 'protectedResource',
        status,
        reason,
      })
    // These statuses can't have a body.
    const empty = [204, 205, 304].includes(status)
    return new Response(empty ? null : bytes!, { status, headers: all(answer.headers) })
  }
}

/** Headers for a `Response`: a `fetch` may give less than all of them can be read from. */
const all = (headers: { get(name: string): string | null } & Partial<Iterable<unknown>>): Headers =>
  typeof headers[Symbol.iterator] == 'function'
    ? (headers as Headers)
    : new Headers(
        ['content-type', 'etag', 'last-modified', 'link', 'retry-after', 'www-authenticate'].flatMap((name) => {
          const value = headers.get(name)
          return value === null ? [] : [[name, value] as [string, string]]
        }),
      )

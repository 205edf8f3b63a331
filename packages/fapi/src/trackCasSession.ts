import { argumentError } from '@genauth-oidc/core/argumentError'
import { ask } from '@genauth-oidc/core/ask'
import { isObject } from '@genauth-oidc/core/isObject'
import type { Config, FetchLike, JsonObject, RequestOptions } from '@genauth-oidc/core/types'
import { vendorUrl } from '@genauth-oidc/core/vendorUrl'
import { rewriting } from './internal/rewriting.js'

/** Whose session is asked for. */
export interface CasSessionParams {
  /**
   * The Cookie header of the user's browser at GenAuth's host, where a server asks. In a browser leave it out and give a
   * `fetch` that sends cookies: `(url, init) => fetch(url, { ...init, credentials: 'include' })`.
   */
  readonly cookie?: string | undefined
}

/** A session at GenAuth, as far as its SDKs describe it. */
export interface CasSession {
  readonly session: JsonObject
  readonly userInfo?: JsonObject | null
  readonly [member: string]: unknown
}

/**
 * Asks GenAuth for the browser's session there, by its cookie.
 *
 * @param config - any config with `appHost`
 * @param params - the cookie, where it is not the browser itself that asks
 * @param options - how to run it
 * @returns what GenAuth says of the session, as it says it; null where nobody is signed in
 * @throws OidcError `endpoint_error`, `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 *
 * @example
 * ```ts
 * import { trackCasSession } from '@genauth-oidc/fapi/trackCasSession'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const session = () =>
 *   trackCasSession(config, {}, { fetch: (url, init) => fetch(url, { ...init, credentials: 'include' }) })
 * ```
 */
export async function trackCasSession(
  config: Config,
  params?: CasSessionParams,
  options?: RequestOptions,
): Promise<CasSession | null> {
  const { cookie } = params ?? {}
  if (cookie !== undefined && (typeof cookie != 'string' || !/^[\t -~]+$/.test(cookie)))
    throw argumentError('cookie', 'a Cookie header, or left out')
  const url = vendorUrl(config, '/cas/session')
  const fetch = (options?.fetch ?? config.fetch ?? globalThis.fetch) as FetchLike | undefined
  return ask(
    config,
    'casValidation',
    url,
    () => (cookie === undefined ? {} : { headers: { cookie }, secret: cookie }),
    // Of nobody GenAuth says null, be it as the session or as the whole answer.
    {
      ...options,
      dpop: undefined,
      fetch: fetch && rewriting(fetch, (text) => (text == 'null' ? '{"session":null}' : text)),
    },
    ({ session, ...more }, bad) => {
      if (session === null) return null
      if (!isObject(session)) throw bad('shape', 'it has no session')
      return { session, ...more }
    },
  )
}

import { ask } from '@genauth-oidc/core/ask'
import type { Config, JsonObject, RequestOptions } from '@genauth-oidc/core/types'
import { vendorUrl } from '@genauth-oidc/core/vendorUrl'

/** Whose session is asked for. */
export interface CasSessionParams {
  /**
   * The Cookie header of the user's browser at GenAuth's host, where a server asks. In a browser leave it out and give a
   * `fetch` that sends cookies: `(url, init) => fetch(url, { ...init, credentials: 'include' })`.
   */
  readonly cookie?: string | undefined
}

/**
 * Asks GenAuth for the browser's session there, by its cookie.
 *
 * @param config - any config with `appHost`
 * @param params - the cookie, where it is not the browser itself that asks
 * @param options - how to run it
 * @returns what GenAuth says of the session, as it says it
 * @throws OidcError `endpoint_error`, `response_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
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
  { cookie }: CasSessionParams = {},
  options?: RequestOptions,
): Promise<JsonObject> {
  return ask(
    config,
    'casValidation',
    vendorUrl(config, '/cas/session'),
    () => (cookie === undefined ? {} : { headers: { cookie }, secret: cookie }),
    options,
    (body) => body,
  )
}

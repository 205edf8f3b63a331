import { argumentError } from '@genauth-oidc/core/argumentError'
import { isObject } from '@genauth-oidc/core/isObject'
import type { Config, JsonObject, RequestOptions } from '@genauth-oidc/core/types'
import { vendorUrl } from '@genauth-oidc/core/vendorUrl'
import { readJson } from './internal/readJson.js'
import { send } from './internal/send.js'

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
  return send(
    config,
    'casValidation',
    vendorUrl(config, '/cas/session'),
    () => (cookie === undefined ? {} : { headers: { cookie }, secret: cookie }),
    options,
    {
      status: 200,
      judge: (text, bad) => {
        const body = readJson(text)
        // Nobody: the whole answer is null, or the session in it.
        if (body === null || (isObject(body) && body.session === null)) return null
        if (!isObject(body) || !isObject(body.session))
          throw bad(body === undefined ? 'json' : 'shape', 'it has no session')
        return body as CasSession
      },
    },
  )
}

import { issuer } from '@genauth-oidc/core/issuer'
import { requireObject } from '@genauth-oidc/core/requireObject'
import type { OidcConfig, RequestLike } from '@genauth-oidc/core/types'
import { openCallback } from '@genauth-oidc/urls/openCallback'
import { refuser } from '@genauth-oidc/verify/refuser'

/** What is known of the session in this browser. */
export interface ExpectedLogout {
  /** The `sid` of the session's ID token: the request must then name it, and the issuer. */
  readonly sid?: string | undefined
}

/**
 * Checks the request by which a provider's logout page tells the application, in a frame, that the user has signed out.
 *
 * @param config - an oidc config
 * @param request - the request, or its URL
 * @param expected - the session of this browser
 * @returns the session's `sid`, where the request names one: end that session, else the browser's; answer with
 *   `Cache-Control: no-store`
 * @throws OidcError `token_invalid` with check `iss` or `sid`: end nothing, answer 400
 * @see OpenID Connect Front-Channel Logout 1.0 sections 2 and 3
 *
 * @example
 * ```ts
 * import { readFrontChannelLogout } from '@genauth-oidc/fapi/readFrontChannelLogout'
 *
 * const config = { appId: 'an-app-id', issuer: 'https://id.example.com' } as const
 * export async function onLogout(request: Request, sid: string, end: () => Promise<void>) {
 *   await readFrontChannelLogout(config, request, { sid })
 *   await end()
 *   return new Response('', { headers: { 'cache-control': 'no-store' } })
 * }
 * ```
 */
export async function readFrontChannelLogout(
  config: OidcConfig,
  request: string | URL | RequestLike,
  expected: ExpectedLogout = {},
): Promise<{ readonly sid?: string | undefined }> {
  const refuse = refuser('Front-channel logout')
  const wanted = requireObject(expected, 'expected').sid
  // The address alone says it, however it is called: a body is not looked at.
  const { url = request } = Object(request) as { readonly url?: unknown }
  const query = new URLSearchParams((await openCallback(url)).query)
  const [iss, ...issuers] = query.getAll('iss')
  const [sid, ...sids] = query.getAll('sid')
  const own = issuer(config)
  // Either both come or none (section 2); any page can put this address into a frame.
  if (issuers.length || (iss === undefined ? sid !== undefined || wanted !== undefined : iss !== own))
    throw refuse('iss', "the config's issuer")
  if (sids.length || (iss !== undefined && !sid) || (wanted !== undefined && sid !== wanted))
    throw refuse('sid', 'that of the session, beside iss')
  return { sid }
}

import type { RequestLike, TokenConfig } from '@genauth-oidc/core/types'
import { checkCallback } from './checkCallback.js'
import { openCallback } from './openCallback.js'
import type { AuthorizationResponse, ExpectedCallback, ResponseType } from './types.js'

/**
 * Reads the provider's answer from the callback and checks that it is the answer to this request: in this order nothing
 * twice, the state, the issuer, an error, and just the parameters that the response type calls for. What the ID token
 * says is checked by `verifyIdToken`, the code by `getAccessTokenByCode`; `completeLogin` of `@genauth-oidc/login` does
 * all of it.
 *
 * @param config - an oidc or oauth config; its issuer and `requireIss` are used
 * @param callback - the URL that was called; as a string absolute, a path, or from `?` or `#` on; a `Request`, whose body
 *   is read for form_post; or `URLSearchParams` that were taken from the right place. The origin is never compared, since
 *   proxies change it
 * @param expected - from the user's session
 * @returns the parameters, by wire name: hand `code` to `getAccessTokenByCode`
 * @throws OidcError `authorization_error` with the provider's words, `callback_invalid`, `argument_invalid`
 * @see RFC 6749 section 4.1.2, RFC 9207 section 2.4, OAuth 2.0 Form Post Response Mode
 *
 * @example
 * ```ts
 * import { readCallback } from '@genauth-oidc/urls/readCallback'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const read = async (request: Request, state: string) => (await readCallback(config, request, { state })).code
 * ```
 */
export async function readCallback<R extends ResponseType = 'code'>(
  config: TokenConfig,
  callback: string | URL | URLSearchParams | RequestLike,
  expected: ExpectedCallback<R>,
): Promise<AuthorizationResponse<R>> {
  return checkCallback(config, await openCallback(callback), expected)
}

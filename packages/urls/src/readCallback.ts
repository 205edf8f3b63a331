import { argumentError } from '@genauth-oidc/core/argumentError'
import { clean } from '@genauth-oidc/core/clean'
import { equal } from '@genauth-oidc/core/equal'
import { issuer } from '@genauth-oidc/core/issuer'
import { OidcError, type CallbackReason } from '@genauth-oidc/core/OidcError'
import { readText } from '@genauth-oidc/core/readText'
import { requireString } from '@genauth-oidc/core/requireString'
import type { RequestLike, TokenConfig } from '@genauth-oidc/core/types'
import { checkResponse } from './internal/checkResponse.js'
import type { AuthorizationResponse, ResponseMode, ResponseType } from './types.js'

/** What the callback has to answer. */
export interface ExpectedCallback<R extends ResponseType = 'code'> {
  /** The state of the link, kept in the user's session. */
  readonly state: string
  /** The response type of the link. Default: `code`. */
  readonly responseType?: R | undefined
  /** The response mode of the link. Default: `query`, with tokens `fragment`. */
  readonly responseMode?: ResponseMode | undefined
}

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
  const { responseType = 'code' } = expected
  const state = requireString(expected.state, 'expected.state')
  const mode = checkResponse(config, responseType, expected.responseMode)
  const refuse = (reason: CallbackReason, problem: string) =>
    new OidcError('callback_invalid', `The callback is refused: ${problem}. Do not sign the user in; start again.`, {
      reason,
    })

  const text = await place(callback, mode)
  if (text === undefined) throw refuse('place', `there is no ${mode} answer in it`)
  if (!(text.length <= 1 << 16)) throw refuse('too_large', 'it is over 64 KiB')
  const all = [...new URLSearchParams(text)]
  const got: Record<string, string | undefined> = Object.fromEntries(all.filter(([, value]) => value))
  if (new Set(all.map(([name]) => name)).size < all.length) throw refuse('duplicate', 'a parameter comes twice')
  if (!equal(got.state, state)) throw refuse('state', 'its state is not the one that was sent')
  // An ID token names its issuer itself, and real engines then leave this one out (RFC 9207 section 2.4).
  if (got.iss ? got.iss !== issuer(config) : config.requireIss && !got.id_token)
    throw refuse('iss', `its iss is not the config's issuer`)
  if (got.error) {
    const [error, errorDescription, errorUri] = [got.error, got.error_description, got.error_uri].map((words) =>
      clean(words, [state]),
    )
    throw new OidcError(
      'authorization_error',
      'The provider refused the sign-in: read error and errorDescription of this error.',
      { error: error!, errorDescription, errorUri: /^https:/.test(errorUri!) ? errorUri : undefined },
    )
  }
  for (const [name, word] of [
    ['code', 'code'],
    ['id_token', 'id_token'],
    ['access_token', 'token'],
    ['response', 'response'],
  ] as const)
    if (!got[name] == responseType.split(' ').includes(word))
      throw refuse(got[name] ? 'unexpected' : 'missing', `${name} is ${got[name] ? 'not asked for' : 'missing'}`)
  const { code, id_token, access_token, token_type, expires_in, scope, iss, session_state } = got
  if (access_token && !/^(bearer|dpop)$/i.test(token_type!)) throw refuse('missing', 'token_type is not Bearer')
  return Object.fromEntries(
    Object.entries({
      state,
      iss,
      code,
      id_token,
      ...(access_token && {
        access_token,
        token_type,
        scope,
        expires_in: /^\d{1,10}$/.test(expires_in!) ? +expires_in! : undefined,
      }),
      session_state,
    }).filter(([, value]) => value !== undefined),
  ) as AuthorizationResponse<R>
}

/** The parameters as text, from where the mode puts them. */
async function place(callback: unknown, mode: string): Promise<string | undefined> {
  if (callback instanceof URLSearchParams) return `${callback}`
  const { method, headers, url } = callback as RequestLike
  const post = /form_post/.test(mode)
  if (method) {
    if (!post) return place(url, mode)
    if (method != 'POST' || !/^application\/x-www-form-urlencoded *(;|$)/i.test(headers.get('content-type') ?? '')) return
    const { text, reason } = await readText(callback as RequestLike, 1 << 16)
    return reason ? ' '.repeat(1 << 17) : text
  }
  if (typeof callback != 'string' && !(callback instanceof URL))
    throw argumentError('callback', 'a URL, a string, URLSearchParams or a Request')
  if (post) return
  // Only the parts behind "?" and "#" are read: a path or a bare query needs no origin.
  const [, query, fragment] = /^[^?#]*(\?[^#]*)?(#.*)?$/s.exec(`${callback}`)!
  return (/fragment|^jwt/.test(mode) ? fragment : query)?.slice(1)
}

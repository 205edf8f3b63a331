import { argumentError } from '@genauth-oidc/core/argumentError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { RequestLike, TokenConfig } from '@genauth-oidc/core/types'
import { checkCallback } from '@genauth-oidc/urls/checkCallback'
import { openCallback } from '@genauth-oidc/urls/openCallback'
import { refuseCallback } from '@genauth-oidc/urls/refuseCallback'
import type { AuthorizationResponse, ExpectedCallback, ResponseType } from '@genauth-oidc/urls/types'
import { checkAnswer } from './internal/checkAnswer.js'
import type { ExpectedSignature, SignedOptions } from './types.js'

/** What a signed callback has to answer. */
export interface ExpectedSignedCallback<R extends ResponseType = 'code'>
  extends ExpectedCallback<R>, ExpectedSignature {
  /** Opens an answer that is encrypted too: `(token) => decryptJwt(token, { key })`. Without one it is refused. */
  readonly decrypt?: ((token: string) => string | Promise<string>) | undefined
}

/**
 * Reads a callback that the provider signed (JARM): issuer, audience, expiry and signature of the answer, then all that
 * `readCallback` checks of what is in it. Ask for one with `responseMode: 'jwt'` in the link.
 *
 * @param config - an oidc or oauth config
 * @param callback - as for `readCallback`
 * @param expected - from the user's session; `responseMode` as in the link, `jwt` by default
 * @param options - `jwks` keeps the provider's keys in a store of your own
 * @returns the parameters, by wire name: hand `code` to `getAccessTokenByCode`
 * @throws OidcError `token_invalid`, `authorization_error`, `callback_invalid`, `argument_invalid`, and those of every
 *   request for the keys
 * @see JWT Secured Authorization Response Mode for OAuth 2.0 (JARM) section 2.4
 *
 * @example
 * ```ts
 * import { readSignedCallback } from '@genauth-oidc/fapi/readSignedCallback'
 *
 * const config = { appId: 'an-app-id', issuer: 'https://id.example.com' } as const
 * export const read = async (url: string, state: string) =>
 *   (await readSignedCallback(config, url, { state, algs: ['PS256'] })).code
 * ```
 */
export async function readSignedCallback<R extends ResponseType = 'code'>(
  config: TokenConfig,
  callback: string | URL | URLSearchParams | RequestLike,
  expected: ExpectedSignedCallback<R>,
  options?: SignedOptions,
): Promise<AuthorizationResponse<R>> {
  const { responseType = 'code', responseMode = 'jwt', algs, decrypt } = requireObject(expected, 'expected')
  if (typeof responseMode != 'string' || !/^(jwt|(query|fragment|form_post)\.jwt)$/.test(responseMode))
    throw argumentError('expected.responseMode', 'jwt, query.jwt, fragment.jwt or form_post.jwt')
  const [place = ''] = responseMode.split('.jwt')
  const where =
    place == 'jwt' ? (/token/.test(requireString(responseType, 'expected.responseType')) ? 'fragment' : 'query') : place
  const text = (await openCallback(callback))[where as 'query']
  if (text === undefined) throw refuseCallback('place', `it has no ${where} answer`)
  if (text.length > 1 << 16) throw refuseCallback('too_large', 'it is over 64 KiB')
  const [response = '', ...more] = new URLSearchParams(text).getAll('response')
  if (more.length) throw refuseCallback('duplicate', 'it has two answers')
  if (!response) throw refuseCallback('missing', 'its answer is not signed')
  const { claims } = await checkAnswer(
    config,
    decrypt ? await decrypt(response) : response,
    { what: 'Authorization response', algs, required: ['iss', 'aud', 'exp'] },
    options,
  )
  const inner = new URLSearchParams()
  for (const [name, value] of Object.entries(claims))
    // The JWT's own members, judged above, are no parameters.
    if (!/^(aud|exp|iat|nbf|jti)$/.test(name) && (typeof value == 'string' || typeof value == 'number'))
      inner.set(name, `${value}`)
  const all = `${inner}`
  return checkCallback(
    config,
    { query: all, fragment: all, form_post: all },
    {
      ...expected,
      responseMode: undefined,
    },
  )
}

import { clean } from '@genauth-oidc/core/clean'
import { equal } from '@genauth-oidc/core/equal'
import { issuer } from '@genauth-oidc/core/issuer'
import { OidcError } from '@genauth-oidc/core/OidcError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { TokenConfig } from '@genauth-oidc/core/types'
import { checkResponse } from './internal/checkResponse.js'
import type { OpenedCallback } from './openCallback.js'
import { refuseCallback as refuse } from './refuseCallback.js'
import type { AuthorizationResponse, ExpectedCallback, ResponseType } from './types.js'

/**
 * Checks an opened callback: in this order nothing twice, the state, the issuer, an error, and just the parameters that
 * the response type calls for.
 *
 * @param config - an oidc or oauth config; its issuer and `requireIss` are used
 * @param opened - from `openCallback`
 * @param expected - from the user's session
 * @returns the parameters, by wire name
 * @throws OidcError `authorization_error`, `callback_invalid`, `argument_invalid`
 */
export function checkCallback<R extends ResponseType = 'code'>(
  config: TokenConfig,
  opened: OpenedCallback,
  expected: ExpectedCallback<R>,
): AuthorizationResponse<R> {
  requireObject(config, 'config')
  const { responseType = 'code' } = requireObject(expected, 'expected')
  const state = requireString(expected.state, 'expected.state')
  const mode = checkResponse(config, responseType, expected.responseMode)

  // A mode of JARM has one parameter, which is read elsewhere.
  const text = opened[mode as 'query']
  if (!text) throw refuse('place', `no ${mode} answer in it`)
  if (text.length > 1 << 16) throw refuse('too_large', 'over 64 KiB')
  const all = [...new URLSearchParams(text)]
  // What is empty counts as missing.
  const got: Record<string, string | undefined> = Object.fromEntries(all.filter(([, value]) => value))
  if (Object.keys(Object.fromEntries(all)).length < all.length) throw refuse('duplicate', 'a parameter comes twice')
  if (!equal(got.state, state)) throw refuse('state', 'not the state that was sent')
  // An ID token names its issuer itself, and real engines then leave this one out (RFC 9207 section 2.4).
  if (got.iss ? got.iss !== issuer(config) : config.requireIss && (got.error || !got.id_token))
    throw refuse('iss', "iss is not the config's issuer")
  const words = (name: string) => clean(got[name], [state])
  const error = words('error')
  if (error)
    throw new OidcError('authorization_error', 'The provider refused: see error and errorDescription.', {
      error,
      errorDescription: words('error_description'),
      errorUri: /^https:\/\/\w\S*$/i.exec(words('error_uri')!)?.[0],
    })
  for (const name of ['code', 'id_token', 'access_token', 'response'])
    if (!got[name] == responseType.split(' ').includes(name.replace('access_', ''))) {
      const reason = got[name] ? 'unexpected' : 'missing'
      throw refuse(reason, `${name} is ${reason}`)
    }
  if (got.access_token && !/^(bearer|dpop)$/i.test(got.token_type!)) throw refuse('missing', 'token_type is not Bearer')
  const seconds = Number(got.expires_in)
  return {
    ...got,
    ...(got.expires_in && { expires_in: seconds >= 0 && seconds < 1 / 0 ? seconds : undefined }),
  } as unknown as AuthorizationResponse<R>
}

import { appId } from '@genauth-oidc/core/appId'
import { clock } from '@genauth-oidc/core/clock'
import { issuer } from '@genauth-oidc/core/issuer'
import { randomString } from '@genauth-oidc/core/randomString'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { JsonObject, RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import { seconds } from './internal/seconds.js'
import { signer } from './internal/signer.js'
import { toText } from './internal/toText.js'
import type { SigningKey } from './types.js'

/** What an assertion says. */
export interface SignAssertionParams {
  /** Whom it speaks of. */
  readonly subject: string
  /** The private key, or the key with its `kid`. */
  readonly key: SigningKey
  /** Whom it is for. Default: the issuer. */
  readonly audience?: string | undefined
  /** Who says it. Default: the application. */
  readonly issuer?: string | undefined
  /** Seconds that it is good for, 1 to 300. Default: 60. */
  readonly expiresIn?: number | undefined
  /** Further claims. They can't replace those above. */
  readonly claims?: JsonObject | undefined
}

/**
 * Signs an assertion for `getAccessTokenByAssertion`, with a fresh `jti`.
 *
 * @param config - an oidc or oauth config
 * @param params - what it says, and the key
 * @param options - the clock
 * @returns the assertion, for one use
 * @throws OidcError `argument_invalid`, `config_invalid`
 * @see RFC 7523 section 3
 *
 * @example
 * ```ts
 * import { signAssertion } from '@genauth-oidc/fapi/signAssertion'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const about = (subject: string, key: CryptoKey) => signAssertion(config, { subject, key })
 * ```
 */
export async function signAssertion(
  config: TokenConfig,
  params: SignAssertionParams,
  options?: Pick<RequestOptions, 'now'>,
): Promise<string> {
  const { key, expiresIn = 60, claims } = requireObject(params, 'params')
  const subject = requireString(params.subject, 'subject')
  const life = seconds(expiresIn, 300)
  const { issuer: iss = appId(config), audience: aud = issuer(config) } = params
  if (claims !== undefined) toText(requireObject(claims, 'claims'), 'claims')
  const iat = Math.floor(clock(options))
  const exp = iat + life
  return signer(key)({
    ...claims,
    iss: requireString(iss, 'issuer'),
    sub: subject,
    aud: requireString(aud, 'audience'),
    iat,
    nbf: iat,
    exp,
    jti: randomString(),
  })
}

import { argumentError } from '@genauth-oidc/core/argumentError'
import { subtle } from '@genauth-oidc/core/subtle'
import type { ClientAuth, Secret } from '@genauth-oidc/core/types'
import { assertion, type AssertionOptions } from './internal/assertion.js'
import { signJwt } from './internal/signJwt.js'

/**
 * Authenticates the client by an assertion that its secret signs (HS256): the secret itself stays here. Each request
 * gets an assertion of its own, with a fresh `jti`, good for 60 seconds at most.
 *
 * @param secret - the app secret, of 32 octets at least, or a function that gives it
 * @param options - `audience`: the issuer by default, or `endpoint` for a server that wants its own address there
 * @returns a method for the config's `tokenEndpointAuthMethod` and its siblings
 * @throws OidcError `argument_invalid` at `secret`, `audience` or `expiresIn`; a secret from a function is looked at when
 *   it is used, and so is refused by the function that sends
 * @see OIDC Core section 9, RFC 7518 section 3.2
 *
 * @example
 * ```ts
 * import { ClientSecretJwt } from '@genauth-oidc/fapi/ClientSecretJwt'
 *
 * export const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   tokenEndpointAuthMethod: ClientSecretJwt('the-app-secret-of-32-characters-or-more'),
 * }
 * ```
 */
export function ClientSecretJwt(secret: Secret, options?: AssertionOptions): ClientAuth {
  const bytes = (value: unknown) => {
    const encoded = new TextEncoder().encode(typeof value == 'string' ? value : '')
    if (encoded.length < 32) throw argumentError('secret', 'of 32 octets at least')
    return encoded
  }
  if (typeof secret != 'function') bytes(secret)
  return assertion(options, async (claims) => {
    const raw = bytes(typeof secret == 'function' ? await secret() : secret)
    const key = await subtle().importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    return signJwt('HMAC', key, { alg: 'HS256' }, claims)
  })
}

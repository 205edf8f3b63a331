import { argumentError } from '@genauth-oidc/core/argumentError'
import type { ClientAuth, Secret } from '@genauth-oidc/core/types'
import { ClientSecretJwt as clientSecretJwt, modifyAssertion } from 'oauth4webapi'
import { assertion, type AssertionOptions } from './internal/assertion.js'

/**
 * Authenticates the client by an assertion that its secret signs (HS256): the secret itself stays here. Each request
 * gets an assertion of its own, with a fresh `jti`, good for 60 seconds at most.
 *
 * @param secret - the app secret, of 32 octets at least, or a function that gives it
 * @param options - `audience`: the issuer by default, or `endpoint` for a server that wants its own address there
 * @returns a method for the config's `tokenEndpointAuthMethod` and its siblings
 * @throws OidcError `argument_invalid` at `secret` or `expiresIn`; a secret from a function is looked at when it is used,
 *   and then the error is `config_invalid`
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
  const checked = (value: unknown): string => {
    if (typeof value != 'string' || new TextEncoder().encode(value).length < 32)
      throw argumentError('secret', 'of 32 octets at least')
    return value
  }
  if (typeof secret != 'function') checked(secret)
  return assertion(options, (modify) => async (as, client, body, headers) => {
    const value = checked(typeof secret == 'function' ? await secret() : secret)
    await clientSecretJwt(value, { [modifyAssertion]: modify })(as, client, body, headers)
  })
}

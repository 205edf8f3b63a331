import type { ClientAuth } from '@genauth-oidc/core/types'
import { assertion, type AssertionOptions } from './internal/assertion.js'
import { signer } from './internal/signer.js'
import type { SigningKey } from './types.js'

/**
 * Authenticates the client by an assertion signed with its private key: no secret travels. Each request gets an
 * assertion of its own, with a fresh `jti`, good for 60 seconds at most.
 *
 * @param key - the private key, or the key with its `kid`; its algorithm (PS256, ES256, Ed25519, ...) is the key's own
 * @param options - `audience`: the issuer by default, or `endpoint` for a server that wants its own address there
 * @returns a method for the config's `tokenEndpointAuthMethod` and its siblings
 * @throws OidcError `argument_invalid` at `key`, `audience` or `expiresIn`
 * @see RFC 7523 section 3, OIDC Core section 9
 *
 * @example
 * ```ts
 * import { PrivateKeyJwt } from '@genauth-oidc/fapi/PrivateKeyJwt'
 *
 * export const configure = (key: CryptoKey) => ({
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   tokenEndpointAuthMethod: PrivateKeyJwt({ key, kid: 'key-1' }),
 * })
 * ```
 */
export function PrivateKeyJwt(key: SigningKey, options?: AssertionOptions): ClientAuth {
  return assertion(options, signer(key))
}

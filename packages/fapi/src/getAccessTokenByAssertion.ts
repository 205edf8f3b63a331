import { argumentError } from '@genauth-oidc/core/argumentError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { grant } from './internal/grant.js'
import { resources } from './internal/linkFields.js'

/** An assertion, and what it is shown for. */
export interface AssertionParams {
  /** From `signAssertion`, or from a party that the provider trusts. */
  readonly assertion: string
  /** What it is. Default: `jwt`. */
  readonly type?: 'jwt' | 'saml2' | undefined
  readonly scope?: string | undefined
  /** Where the access token will be used (RFC 8707). */
  readonly resource?: string | readonly string[] | undefined
}

/**
 * Gets tokens for an assertion about a user or a machine.
 *
 * @param config - an oidc or oauth config
 * @param params - the assertion: it is sent once, so make a fresh one for each call
 * @param options - how to run it
 * @returns the tokens
 * @throws OidcError `endpoint_error` (`invalid_grant`: the assertion is refused), `response_invalid`, `argument_invalid`,
 *   `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 7523 section 2.1, RFC 7522 section 2.1
 *
 * @example
 * ```ts
 * import { getAccessTokenByAssertion } from '@genauth-oidc/fapi/getAccessTokenByAssertion'
 * import { signAssertion } from '@genauth-oidc/fapi/signAssertion'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const actFor = async (subject: string, key: CryptoKey) =>
 *   getAccessTokenByAssertion(config, { assertion: await signAssertion(config, { subject, key }), scope: 'orders:read' })
 * ```
 */
export async function getAccessTokenByAssertion(
  config: TokenConfig,
  params: AssertionParams,
  options?: RequestOptions,
): Promise<TokenResponse> {
  const { assertion, type = 'jwt', scope, resource } = requireObject(params, 'params')
  if (!['jwt', 'saml2'].includes(type)) throw argumentError('type', 'jwt or saml2')
  return grant(
    config,
    {
      grant_type: `urn:ietf:params:oauth:grant-type:${type}-bearer`,
      assertion: requireString(assertion, 'assertion'),
      scope,
      resource: resources(resource),
    },
    options,
  )
}

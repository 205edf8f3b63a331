import { argumentError } from '@genauth-oidc/core/argumentError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { grant } from './internal/grant.js'
import { resources } from './internal/linkFields.js'

/** A type of token (RFC 8693 section 3), by its short name or as a URI. */
export type TokenType =
  'access_token' | 'refresh_token' | 'id_token' | 'saml1' | 'saml2' | 'jwt' | `${string}:${string}`

/** What is exchanged for what. */
export type ExchangeParams = {
  /** The token of the party that is acted for. */
  readonly subjectToken: string
  readonly subjectTokenType: TokenType
  readonly requestedTokenType?: TokenType | undefined
  /** Who will receive the new token, by name. */
  readonly audience?: string | readonly string[] | undefined
  /** Where the new token will be used, by address. */
  readonly resource?: string | readonly string[] | undefined
  readonly scope?: string | undefined
} & (
  | {
      /** The token of the party that acts. */
      readonly actorToken: string
      readonly actorTokenType: TokenType
    }
  | { readonly actorToken?: undefined; readonly actorTokenType?: undefined }
)

/** The answer to an exchange. With `token_type` `N_A` its `access_token` is no access token: see `issued_token_type`. */
export interface ExchangeResponse extends TokenResponse {
  readonly issued_token_type: string
}

/**
 * Exchanges a token for another one, say for a narrower one to call a further service with.
 *
 * @param config - an oidc or oauth config
 * @param params - what for what
 * @param options - how to run it
 * @returns the new token in `access_token`, whatever it is, and its kind in `issued_token_type`
 * @throws OidcError `endpoint_error`, `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 8693 section 2
 *
 * @example
 * ```ts
 * import { exchangeToken } from '@genauth-oidc/fapi/exchangeToken'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   issuer: 'https://id.example.com',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 *   endpoints: { token: 'https://id.example.com/token' },
 * } as const
 * export const narrow = (subjectToken: string) =>
 *   exchangeToken(config, { subjectToken, subjectTokenType: 'access_token', scope: 'orders:read' })
 * ```
 */
export async function exchangeToken(
  config: TokenConfig,
  params: ExchangeParams,
  options?: RequestOptions,
): Promise<ExchangeResponse> {
  const { subjectToken, subjectTokenType, actorToken, actorTokenType, requestedTokenType, audience, resource, scope } =
    requireObject(params, 'params')
  if (!actorToken != !actorTokenType) throw argumentError('actorTokenType', 'given with and only with actorToken')
  let unusable = false
  const tokens = await grant(
    config,
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: requireString(subjectToken, 'subjectToken'),
      subject_token_type: uri(requireString(subjectTokenType, 'subjectTokenType')),
      actor_token: actorToken,
      actor_token_type: actorTokenType && uri(requireString(actorTokenType, 'actorTokenType')),
      requested_token_type:
        requestedTokenType === undefined ? undefined : uri(requireString(requestedTokenType, 'requestedTokenType')),
      audience,
      resource: resources(resource),
      scope,
    },
    options,
    (body, bad) => {
      if (!body.issued_token_type || typeof body.issued_token_type != 'string')
        throw bad('shape', 'issued_token_type is missing')
      const { token_type: type } = body
      unusable = typeof type == 'string' && /^n_a$/i.test(type) && body.issued_token_type != uri('access_token')
      // Read as any other answer is, apart from the type that says that it is no access token.
      return unusable ? { ...body, token_type: options?.dpop ? 'DPoP' : 'Bearer' } : body
    },
  )
  return { ...tokens, ...(unusable ? { token_type: 'N_A' } : {}) } as ExchangeResponse
}

const uri = (type: string): string => (type.includes(':') ? type : `urn:ietf:params:oauth:token-type:${type}`)

import { configError } from '@genauth-oidc/core/configError'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { isObject } from '@genauth-oidc/core/isObject'
import type { JsonObject, RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import { readTokens } from '@genauth-oidc/tokens/readTokens'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { checkIdToken } from '@genauth-oidc/verify/checkIdToken'
import type { IdTokenClaims } from '@genauth-oidc/verify/types'
import { askAsClient } from './askAsClient.js'
import { toForm, type Fields } from './toForm.js'

/** Refuses what a caller without types may hand in: links are all that the other protocols have. */
export function tokenProtocol(config: TokenConfig): void {
  if (!isObject(config) || !['oidc', 'oauth', undefined].includes(config.protocol))
    throw configError('protocol', 'use oidc or oauth')
}

/**
 * Asks the token endpoint for tokens by any grant, and checks the claims of an ID token that comes along.
 *
 * @param config - an oidc or oauth config
 * @param fields - the form, with its `grant_type`
 * @param options - how to run it
 * @param read - looks at the answer before it is read as tokens
 * @param alone - whether the client is not authenticated, as GenAuth's own grant wants it
 * @returns the tokens
 */
export async function grant(
  config: TokenConfig,
  fields: Fields,
  options?: RequestOptions,
  read: (body: JsonObject, bad: Parameters<typeof readTokens>[1]) => JsonObject = (body) => body,
  alone?: boolean,
): Promise<TokenResponse> {
  tokenProtocol(config)
  return askAsClient(
    config,
    'token',
    endpoint(config, 'token', 'token'),
    toForm(fields),
    options,
    async (body, bad) => {
      const tokens = readTokens(read(body, bad), bad, options)
      const { id_token, access_token: accessToken } = tokens
      if (id_token && config.protocol != 'oauth')
        tokens.claims = (await checkIdToken(config, id_token, { accessToken, fresh: true }, options))
          .claims as unknown as IdTokenClaims
      return tokens
    },
    alone,
  )
}

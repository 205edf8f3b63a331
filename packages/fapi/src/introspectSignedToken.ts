import { endpoint } from '@genauth-oidc/core/endpoint'
import { isObject } from '@genauth-oidc/core/isObject'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { TokenConfig } from '@genauth-oidc/core/types'
import type { IntrospectionResponse } from '@genauth-oidc/tokens/types'
import { authenticated } from './internal/askAsClient.js'
import { checkAnswer } from './internal/checkAnswer.js'
import { tokenProtocol } from './internal/grant.js'
import { send } from './internal/send.js'
import { toForm } from './internal/toForm.js'
import type { ExpectedSignature, SignedOptions } from './types.js'

/** A token, and how the answer about it is signed. */
export interface SignedIntrospectionParams extends ExpectedSignature {
  readonly token: string
  /** Only a hint: the server looks among all kinds. */
  readonly tokenTypeHint?: 'access_token' | 'refresh_token' | undefined
}

/**
 * Asks the server whether a token is alive and has it sign the answer, which can then be kept as evidence. A plain answer
 * is refused.
 *
 * @param config - an oidc or oauth config; `introspectionEndpointAuthMethod` is its own setting
 * @param params - the token
 * @param options - `jwks` keeps the provider's keys in a store of your own
 * @returns `{ active: true, ... }`, or `{ active: false }` and nothing else
 * @throws OidcError `token_invalid`, `endpoint_error`, `response_invalid` (reason `content_type`: not signed),
 *   `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 9701 sections 4 and 5
 *
 * @example
 * ```ts
 * import { introspectSignedToken } from '@genauth-oidc/fapi/introspectSignedToken'
 *
 * const config = {
 *   appId: 'an-api',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 * } as const
 * export const alive = async (token: string) =>
 *   (await introspectSignedToken(config, { token, algs: ['RS256'] })).active
 * ```
 */
export async function introspectSignedToken(
  config: TokenConfig,
  params: SignedIntrospectionParams,
  options?: SignedOptions,
): Promise<IntrospectionResponse> {
  tokenProtocol(config)
  const { token, tokenTypeHint, algs } = requireObject(params, 'params')
  const fields = toForm({ token: requireString(token, 'token'), token_type_hint: tokenTypeHint })
  const url = endpoint(config, 'introspection', 'token/introspection')
  return send(
    config,
    'introspection',
    url,
    async () => {
      const form = new URLSearchParams(fields)
      return { form, ...(await authenticated(config, 'introspection', url, form)) }
    },
    options,
    {
      status: 200,
      type: 'application/token-introspection+jwt',
      judge: async (text, bad) => {
        const { claims } = await checkAnswer(
          config,
          text,
          {
            what: 'Introspection answer',
            typ: 'token-introspection+jwt',
            algs,
            required: ['iss', 'aud', 'iat'],
          },
          options,
        )
        const answer = claims.token_introspection
        if (!isObject(answer)) throw bad('shape', 'token_introspection is missing')
        return answer.active === true ? (answer as IntrospectionResponse) : { active: false }
      },
    },
  )
}

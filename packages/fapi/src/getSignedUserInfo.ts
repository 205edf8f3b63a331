import { endpoint } from '@genauth-oidc/core/endpoint'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { OidcConfig } from '@genauth-oidc/core/types'
import type { UserInfo } from '@genauth-oidc/tokens/types'
import { checkAnswer } from './internal/checkAnswer.js'
import { tokenProtocol } from './internal/grant.js'
import { send } from './internal/send.js'
import type { ExpectedSignature, SignedOptions } from './types.js'

/** What goes with the question for signed user info. */
export interface SignedUserInfoParams extends ExpectedSignature {
  readonly accessToken: string
  /** The ID token's `sub`: an answer about anybody else is refused (OIDC Core section 5.3.2). */
  readonly expectedSubject: string
  /** Opens an answer that is encrypted too: `(token) => decryptJwt(token, { key })`. Without one it is refused. */
  readonly decrypt?: ((token: string) => string | Promise<string>) | undefined
}

/**
 * Asks for the user's claims where the application is registered to get them signed. A plain answer is refused.
 *
 * @param config - an oidc config
 * @param params - the token, and whom it is about
 * @param options - `jwks` keeps the provider's keys in a store of your own
 * @returns the claims
 * @throws OidcError `token_invalid`, `endpoint_error`, `response_invalid` (reason `content_type`: not signed; `sub`:
 *   another user), `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see OIDC Core sections 5.3.2 and 5.3.4
 *
 * @example
 * ```ts
 * import { getSignedUserInfo } from '@genauth-oidc/fapi/getSignedUserInfo'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const emailOf = async (accessToken: string, expectedSubject: string) =>
 *   (await getSignedUserInfo(config, { accessToken, expectedSubject, algs: ['RS256'] })).email
 * ```
 */
export async function getSignedUserInfo(
  config: OidcConfig,
  params: SignedUserInfoParams,
  options?: SignedOptions,
): Promise<UserInfo> {
  tokenProtocol(config)
  const { algs, decrypt } = requireObject(params, 'params')
  const token = requireString(params.accessToken, 'accessToken')
  const subject = requireString(params.expectedSubject, 'expectedSubject')
  return send(config, 'userInfo', endpoint(config, 'userInfo', 'me'), () => ({ token }), options, {
    status: 200,
    type: 'application/jwt',
    judge: async (text, bad) => {
      const { claims } = await checkAnswer(
        config,
        decrypt ? await decrypt(text) : text,
        { what: 'User info', algs, required: ['iss', 'aud'] },
        options,
      )
      if (claims.sub !== subject) throw bad('sub', 'sub is missing or another user')
      return claims as unknown as UserInfo
    },
  })
}

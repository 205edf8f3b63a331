import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { ask } from '@genauth-oidc/core/ask'
import { clock } from '@genauth-oidc/core/clock'
import { issuer } from '@genauth-oidc/core/issuer'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import { tolerance } from '@genauth-oidc/core/tolerance'
import type { RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import { vendorUrl } from '@genauth-oidc/core/vendorUrl'
import { refuser } from '@genauth-oidc/verify/refuser'
import { uphold } from '@genauth-oidc/verify/uphold'
import { tokenProtocol } from './internal/post.js'
import type { ValidatedClaims } from './types.js'

/** The token to validate: one or the other. */
export type ValidateParams =
  | { readonly idToken: string; readonly accessToken?: undefined }
  | { readonly accessToken: string; readonly idToken?: undefined }

/**
 * Asks GenAuth whether an ID token or an access token is valid. The token travels in the address, the only form that
 * GenAuth knows, and may stand in logs on the way: `verifyIdToken` and `verifyAccessToken` of `@genauth-oidc/verify` need
 * no request. GenAuth does not ask who is asking, so that issuer, audience and expiry are checked here too.
 *
 * @param config - an oidc or oauth config with `appHost`
 * @param token - exactly one of the two
 * @param options - how to run it
 * @returns the token's claims
 * @throws OidcError `endpoint_error` with GenAuth's `vendorCode` and `vendorMessage` for an invalid token; `token_invalid` for a valid
 *   one of another application; `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 *
 * @example
 * ```ts
 * import { validateToken } from '@genauth-oidc/tokens/validateToken'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const subjectOf = async (idToken: string) => (await validateToken(config, { idToken })).sub
 * ```
 */
export async function validateToken(
  config: TokenConfig,
  token: ValidateParams,
  options?: RequestOptions,
): Promise<ValidatedClaims> {
  tokenProtocol(config)
  const { idToken, accessToken } = requireObject(token, 'token')
  if ((idToken === undefined) == (accessToken === undefined))
    throw argumentError('idToken', 'given, or accessToken, and not both')
  const url = vendorUrl(config, '/api/v2/oidc/validate_token')
  url.searchParams.set(
    idToken === undefined ? 'access_token' : 'id_token',
    requireString(idToken ?? accessToken, idToken === undefined ? 'accessToken' : 'idToken'),
  )
  return ask(
    config,
    'validateToken',
    url,
    () => ({}),
    options,
    (body) => {
      const { exp } = body
      const [audience, ...more] = [body.aud].flat()
      uphold(refuser('validated token'), {
        iss: body.iss === issuer(config) || "the config's issuer",
        aud: (audience === appId(config) && !more.length) || 'this appId',
        exp: (Number.isFinite(exp) && (exp as number) > clock(options) - tolerance(config)) || 'in the future',
      })
      return body as unknown as ValidatedClaims
    },
  )
}

import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { askAsClient } from './internal/askAsClient.js'
import { tokenProtocol } from './internal/grant.js'
import { detailsText, resources } from './internal/linkFields.js'
import { pending } from './internal/pending.js'
import { serverEndpoint } from './internal/serverEndpoint.js'
import { toForm } from './internal/toForm.js'
import type { AuthorizationDetail, FapiOptions, PendingAuthorization } from './types.js'

type Hint =
  | { readonly loginHint: string; readonly idTokenHint?: undefined; readonly loginHintToken?: undefined }
  | { readonly idTokenHint: string; readonly loginHint?: undefined; readonly loginHintToken?: undefined }
  | { readonly loginHintToken: string; readonly loginHint?: undefined; readonly idTokenHint?: undefined }

/** Who is to sign in, by exactly one hint, and what for. */
export type BackchannelParams = Hint & {
  /** Space-separated, with `openid`. Default: `openid profile email phone address`. */
  readonly scope?: string | undefined
  /** Shown on both devices, so that the user sees that they belong together. */
  readonly bindingMessage?: string | undefined
  /** A secret of the user, where the provider asks for one. */
  readonly userCode?: string | undefined
  readonly acrValues?: string | undefined
  /** Seconds that the sign-in is to be open. */
  readonly requestedExpiry?: number | undefined
  /** What the provider proves itself with when it calls back, in the modes ping and push: from `randomString`. */
  readonly clientNotificationToken?: string | undefined
  readonly authorizationDetails?: readonly AuthorizationDetail[] | undefined
  readonly resource?: string | readonly string[] | undefined
}

/** A sign-in that goes on by a message to the user (CIBA section 7.3). */
export interface BackchannelAuthentication extends PendingAuthorization {
  /** Secret: for `pollBackchannelToken` only. */
  readonly authReqId: string
}

/**
 * Begins a sign-in without the user's browser: the provider reaches the user by itself, say by a message to their phone.
 *
 * @param config - an oidc config
 * @param params - who, by one hint, and what for
 * @param options - `metadata` says where to
 * @returns what to hand to `pollBackchannelToken`
 * @throws OidcError `endpoint_error` (`unknown_user_id`), `response_invalid`, `argument_invalid`, `config_invalid`,
 *   `network`, `timeout`, `aborted`
 * @see OpenID Connect Client-Initiated Backchannel Authentication (CIBA) section 7
 *
 * @example
 * ```ts
 * import { pollBackchannelToken } from '@genauth-oidc/fapi/pollBackchannelToken'
 * import { startBackchannelAuthentication } from '@genauth-oidc/fapi/startBackchannelAuthentication'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 * } as const
 * export const confirm = async (loginHint: string, bindingMessage: string) =>
 *   pollBackchannelToken(config, await startBackchannelAuthentication(config, { loginHint, bindingMessage }))
 * ```
 */
export async function startBackchannelAuthentication(
  config: OidcConfig,
  params: BackchannelParams,
  options?: FapiOptions,
): Promise<BackchannelAuthentication> {
  tokenProtocol(config)
  const {
    scope = 'openid profile email phone address',
    loginHint,
    idTokenHint,
    loginHintToken,
  } = requireObject(params, 'params')
  const {
    bindingMessage,
    userCode,
    acrValues,
    requestedExpiry,
    clientNotificationToken,
    authorizationDetails,
    resource,
  } = params
  if ([loginHint, idTokenHint, loginHintToken].filter((hint) => hint && typeof hint == 'string').length != 1)
    throw argumentError('loginHint', 'the one hint, or idTokenHint or loginHintToken')
  if (typeof scope != 'string' || !scope.split(' ').includes('openid')) throw argumentError('scope', 'one with openid')
  if (clientNotificationToken !== undefined)
    requireString(clientNotificationToken, 'clientNotificationToken', /^[\w.~+/=-]{22,1024}$/)
  if (requestedExpiry !== undefined && !(Number.isFinite(requestedExpiry) && requestedExpiry > 0))
    throw argumentError('requestedExpiry', 'a positive number of seconds')
  const fields = toForm({
    scope,
    login_hint: loginHint,
    id_token_hint: idTokenHint,
    login_hint_token: loginHintToken,
    binding_message: bindingMessage,
    user_code: userCode,
    acr_values: acrValues,
    requested_expiry: requestedExpiry === undefined ? requestedExpiry : `${Math.ceil(requestedExpiry)}`,
    client_notification_token: clientNotificationToken,
    authorization_details:
      authorizationDetails === undefined ? authorizationDetails : detailsText(authorizationDetails),
    resource: resources(resource),
  })
  return askAsClient(
    config,
    'backchannelAuthentication',
    serverEndpoint(config, 'backchannel_authentication_endpoint', 'backchannel', options),
    fields,
    options,
    (body, bad) => {
      if (!body.auth_req_id || typeof body.auth_req_id != 'string') throw bad('shape', 'auth_req_id is missing')
      return { authReqId: body.auth_req_id, ...pending(body, bad, clock(options)) }
    },
  )
}

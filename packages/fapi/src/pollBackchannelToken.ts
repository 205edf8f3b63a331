import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { OidcConfig } from '@genauth-oidc/core/types'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { poll } from './internal/poll.js'
import type { BackchannelAuthentication } from './startBackchannelAuthentication.js'
import type { PollOptions } from './types.js'

/** How a back-channel sign-in is waited for. */
export interface BackchannelPollOptions extends PollOptions {
  /** The provider has called back (`readBackchannelPing`): the first question is asked at once. */
  readonly pinged?: boolean | undefined
}

/**
 * Waits until the user has agreed, asking no more often than the server allows; in ping mode asks when it has called.
 *
 * @param config - the config that the sign-in was begun with
 * @param authentication - from `startBackchannelAuthentication`
 * @param options - `signal` ends the waiting, `pinged` leaves out the first wait
 * @returns the tokens, with the ID token's `claims`
 * @throws OidcError `endpoint_error` (`access_denied`: the user said no; `expired_token`: begin again), `aborted`,
 *   `token_invalid`, `response_invalid`, `config_invalid`
 * @see CIBA sections 10 and 11
 *
 * @example
 * ```ts
 * import { pollBackchannelToken } from '@genauth-oidc/fapi/pollBackchannelToken'
 * import type { BackchannelAuthentication } from '@genauth-oidc/fapi/startBackchannelAuthentication'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 * } as const
 * export const onPing = (kept: BackchannelAuthentication) => pollBackchannelToken(config, kept, { pinged: true })
 * ```
 */
export async function pollBackchannelToken(
  config: OidcConfig,
  authentication: BackchannelAuthentication,
  options?: BackchannelPollOptions,
): Promise<TokenResponse> {
  return poll(
    config,
    {
      grant_type: 'urn:openid:params:grant-type:ciba',
      auth_req_id: requireString(requireObject(authentication, 'authentication').authReqId, 'authReqId'),
    },
    authentication,
    options,
    options?.pinged,
  )
}

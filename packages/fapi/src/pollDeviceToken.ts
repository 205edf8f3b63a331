import type { TokenConfig } from '@genauth-oidc/core/types'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { poll } from './internal/poll.js'
import type { DeviceAuthorization } from './startDeviceAuthorization.js'
import type { PollOptions } from './types.js'

/**
 * Waits until the user has signed in elsewhere, asking no more often than the server allows, and less often each time
 * that it says `slow_down` or can't be reached.
 *
 * @param config - the config that the sign-in was begun with
 * @param device - from `startDeviceAuthorization`
 * @param options - `signal` ends the waiting
 * @returns the tokens, with the ID token's `claims`
 * @throws OidcError `endpoint_error` (`access_denied`: the user said no; `expired_token`: begin again), `aborted`,
 *   `token_invalid`, `response_invalid`, `config_invalid`
 * @see RFC 8628 sections 3.4 and 3.5
 *
 * @example
 * ```ts
 * import { pollDeviceToken } from '@genauth-oidc/fapi/pollDeviceToken'
 * import type { DeviceAuthorization } from '@genauth-oidc/fapi/startDeviceAuthorization'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const wait = (device: DeviceAuthorization, signal: AbortSignal) => pollDeviceToken(config, device, { signal })
 * ```
 */
export async function pollDeviceToken(
  config: TokenConfig,
  device: DeviceAuthorization,
  options?: PollOptions,
): Promise<TokenResponse> {
  return poll(
    config,
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: requireString(requireObject(device, 'device').deviceCode, 'deviceCode'),
    },
    device,
    options,
  )
}

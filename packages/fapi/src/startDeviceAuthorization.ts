import { clock } from '@genauth-oidc/core/clock'
import type { TokenConfig } from '@genauth-oidc/core/types'
import { askAsClient } from './internal/askAsClient.js'
import { tokenProtocol } from './internal/grant.js'
import { detailsText, resources } from './internal/linkFields.js'
import { pending } from './internal/pending.js'
import { serverEndpoint } from './internal/serverEndpoint.js'
import { toForm } from './internal/toForm.js'
import type { AuthorizationDetail, FapiOptions, PendingAuthorization } from './types.js'

/** What a device asks for. */
export interface DeviceParams {
  /** Space-separated. Default: `openid profile email phone address`, for protocol oauth `user`. */
  readonly scope?: string | undefined
  /** Where the access token will be used (RFC 8707). */
  readonly resource?: string | readonly string[] | undefined
  /** What exactly the access token is to allow (RFC 9396). */
  readonly authorizationDetails?: readonly AuthorizationDetail[] | undefined
}

/** What the user is shown, and what the device keeps (RFC 8628 section 3.2). */
export interface DeviceAuthorization extends PendingAuthorization {
  /** Secret: for `pollDeviceToken` only. */
  readonly deviceCode: string
  /** Show it as it is. */
  readonly userCode: string
  /** Where the user types the code. Show it as it is. */
  readonly verificationUri: string
  /** The same with the code in it: for a QR code. */
  readonly verificationUriComplete?: string | undefined
}

/**
 * Begins a sign-in on a device without a browser: the user goes on at another one.
 *
 * @param config - an oidc or oauth config
 * @param params - what to ask for
 * @param options - `metadata` says where to
 * @returns what to show, and what to hand to `pollDeviceToken`
 * @throws OidcError `endpoint_error`, `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 8628 sections 3.1 and 3.2
 *
 * @example
 * ```ts
 * import { pollDeviceToken } from '@genauth-oidc/fapi/pollDeviceToken'
 * import { startDeviceAuthorization } from '@genauth-oidc/fapi/startDeviceAuthorization'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export async function signIn(show: (uri: string, code: string) => void) {
 *   const device = await startDeviceAuthorization(config)
 *   show(device.verificationUri, device.userCode)
 *   return pollDeviceToken(config, device)
 * }
 * ```
 */
export async function startDeviceAuthorization(
  config: TokenConfig,
  params?: DeviceParams,
  options?: FapiOptions,
): Promise<DeviceAuthorization> {
  tokenProtocol(config)
  const {
    scope = config.protocol == 'oauth' ? 'user' : 'openid profile email phone address',
    resource,
    authorizationDetails: details,
  } = params ?? {}
  const fields = toForm({
    scope,
    resource: resources(resource),
    authorization_details: details === undefined ? details : detailsText(details),
  })
  return askAsClient(
    config,
    'deviceAuthorization',
    serverEndpoint(config, 'device_authorization_endpoint', 'device/auth', options),
    fields,
    options,
    (body, bad) => {
      const { device_code, user_code, verification_uri, verification_uri_complete: complete } = body
      for (const value of [device_code, user_code, verification_uri])
        if (!value || typeof value != 'string') throw bad('shape', 'a code or address is missing')
      // The user's browser is sent there, or a QR code says so.
      for (const uri of [verification_uri, complete])
        if (uri !== undefined && !(typeof uri == 'string' && /^https?:\/\/[^\s]+$/.test(uri)))
          throw bad('shape', 'an address is no URL')
      return {
        deviceCode: device_code as string,
        userCode: user_code as string,
        verificationUri: verification_uri as string,
        verificationUriComplete: complete as string | undefined,
        ...pending(body, bad, clock(options)),
      }
    },
  )
}

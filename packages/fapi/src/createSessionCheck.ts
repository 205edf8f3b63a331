import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { secureUrl } from '@genauth-oidc/core/secureUrl'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { ownMetadata } from './internal/serverEndpoint.js'
import type { FapiOptions } from './types.js'

/** What a page needs to ask the provider's frame whether the user is still signed in. */
export interface SessionCheck {
  /** The address of the frame. */
  readonly url: URL
  /** What to post to the frame: `frame.contentWindow.postMessage(message, origin)`. */
  readonly message: string
  /** The one origin to post to and to listen to. */
  readonly origin: string
  /**
   * Reads a message event of the window.
   *
   * @param event - whatever event came
   * @returns `changed`: ask again with `prompt=none`, and sign out when that fails; `error`: stop asking; undefined for
   *   what is not the frame's answer
   */
  readonly read: (event: {
    readonly origin: string
    readonly data: unknown
  }) => 'changed' | 'unchanged' | 'error' | undefined
}

/**
 * Prepares to ask the provider, in the browser and without a request, whether the user's session there is still the one
 * that the sign-in belonged to.
 *
 * @param config - an oidc config
 * @param params - `sessionState`: the `session_state` of the callback, kept with the session
 * @param options - `metadata` names the provider's frame
 * @returns what to load, to post and to listen to
 * @throws OidcError `argument_invalid`, `config_invalid`
 * @see OpenID Connect Session Management 1.0 section 3
 *
 * @example
 * ```ts
 * import { createSessionCheck } from '@genauth-oidc/fapi/createSessionCheck'
 * import type { ServerMetadata } from '@genauth-oidc/fapi/types'
 *
 * const config = { appId: 'an-app-id', issuer: 'https://id.example.com' } as const
 * export function watch(sessionState: string, metadata: ServerMetadata, frame: Window, onChange: () => void) {
 *   const check = createSessionCheck(config, { sessionState }, { metadata })
 *   addEventListener('message', (event) => check.read(event) === 'changed' && onChange())
 *   return setInterval(() => frame.postMessage(check.message, check.origin), 5000)
 * }
 * ```
 */
export function createSessionCheck(
  config: OidcConfig,
  params: { readonly sessionState: string },
  options?: Pick<FapiOptions, 'metadata'>,
): SessionCheck {
  const id = appId(config)
  const { sessionState } = requireObject(params, 'params')
  // A space ends the client_id in the message (section 3.1).
  if (typeof sessionState != 'string' || !/^[!-~]+$/.test(sessionState))
    throw argumentError('sessionState', 'the session_state of the callback')
  const { metadata } = options ?? {}
  const url = metadata && secureUrl(ownMetadata(config, metadata).check_session_iframe, config.allowInsecureRequests)
  if (!url) throw argumentError('metadata', 'given in the options, with an https check_session_iframe')
  return {
    url,
    message: `${id} ${sessionState}`,
    origin: url.origin,
    read: ({ origin, data }) =>
      origin === url.origin ? (['changed', 'unchanged', 'error'] as const).find((word) => word === data) : undefined,
  }
}

import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import { OidcError } from '@genauth-oidc/core/OidcError'
import type { TokenConfig } from '@genauth-oidc/core/types'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import type { PendingAuthorization, PollOptions } from '../types.js'
import { grant } from './grant.js'
import type { Fields } from './toForm.js'

/**
 * Asks the token endpoint again and again until the user has decided (RFC 8628 section 3.5, CIBA section 11).
 *
 * @param config - an oidc or oauth config
 * @param fields - the form
 * @param pending - interval and end
 * @param given - how to run and to wait
 * @param soon - whether the first question is asked at once
 * @returns the tokens
 */
export async function poll(
  config: TokenConfig,
  fields: Fields,
  { interval, expiresAt }: PendingAuthorization,
  given: PollOptions | undefined,
  soon?: boolean,
): Promise<TokenResponse> {
  const options = given ?? {}
  const { wait = sleep } = options
  if (typeof interval != 'number' && interval !== undefined) throw argumentError('interval', 'a number of seconds')
  if (typeof expiresAt != 'number') throw argumentError('expiresAt', 'epoch seconds')
  if (typeof wait != 'function') throw argumentError('wait', 'a function')
  // An interval of nothing is none (RFC 8628 section 3.2): the server would be asked without a pause.
  let pause = interval > 0 ? interval : 5
  for (let first = soon; ; first = false) {
    if (!first) {
      // Not past the end, nor for longer than a timer can: that would fire at once, and the server be asked without a pause.
      const left = Math.max(expiresAt - clock(options), 0) || 0
      await wait(Math.min(pause, left, 2 ** 31 / 1000 - 1) * 1000, options.signal)
    }
    stopWhenAborted(options)
    if (!(clock(options) < expiresAt))
      throw new OidcError('endpoint_error', 'The sign-in took too long: begin a new one.', {
        endpoint: 'token',
        status: 0,
        error: 'expired_token',
      })
    try {
      return await grant(config, fields, options)
    } catch (error) {
      if (isOidcError(error, 'endpoint_error') && error.error == 'slow_down') pause += 5
      // A server that can't be reached is asked less and less often.
      else if (isOidcError(error, 'network', 'timeout')) pause = Math.max(pause, 1) * 2
      else if (!(isOidcError(error, 'endpoint_error') && error.error == 'authorization_pending')) throw error
    }
  }
}

function stopWhenAborted({ signal }: PollOptions): void {
  const { aborted, reason } = (signal ?? {}) as Partial<globalThis.AbortSignal>
  if (aborted)
    throw new OidcError(
      'aborted',
      'Waiting for the user was aborted.',
      { endpoint: 'token', retryable: true, mayHaveArrived: false },
      { cause: reason },
    )
}

/** Ends early, without an error, when the signal fires: the caller looks at it. */
const sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const outer = signal
    const end = () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    outer?.addEventListener('abort', end)
    if (outer?.aborted) end()
  })

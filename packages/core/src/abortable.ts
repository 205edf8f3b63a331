import { OidcError } from './OidcError.js'
import type { EndpointName, RequestOptions } from './types.js'

/**
 * Waits for shared work, and lets one waiter go when its own signal fires. The work itself goes on for the others.
 *
 * @param work - what is shared
 * @param options - the waiter's `signal`
 * @param endpoint - whom the work asks, for the error
 * @param mayHaveArrived - whether the work may have sent something, for the error
 * @returns what the work gives
 * @throws OidcError `aborted`
 */
export const abortable = <T>(
  work: Promise<T>,
  { signal }: Pick<RequestOptions, 'signal'>,
  endpoint: EndpointName,
  mayHaveArrived = true,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () =>
      reject(
        new OidcError(
          'aborted',
          `The ${endpoint} endpoint did not answer (aborted): try again.`,
          { endpoint, retryable: endpoint == 'jwks', mayHaveArrived },
          { cause: signal!.reason },
        ),
      )
    void work.then(resolve, reject).then(() => signal?.removeEventListener?.('abort', stop))
    signal?.addEventListener?.('abort', stop)
    if (signal?.aborted) stop()
  })

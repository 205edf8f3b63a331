import { OidcError } from './OidcError.js'
import { readText } from './readText.js'
import type { Config, EndpointName, RequestOptions } from './types.js'
import { unsupported } from './unsupported.js'

/** One request. */
export interface Send {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers: Record<string, string>
  readonly body?: string | undefined
}

/** A whole answer: nothing of it is still to come. */
export interface Answer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** The header Retry-After. */
  readonly after: string | null
  /** The body, or an empty string where there is a `reason`. */
  readonly text: string
  /** Why the answer can't be used, whatever its status is. */
  readonly reason?: 'redirect' | 'too_large' | 'encoding' | undefined
}

/**
 * Sends one request and reads the whole answer: the only place that touches `fetch` and a response's body. Nothing is
 * followed, nothing is sent twice; the time limit covers the body, whose size is counted while it is read.
 *
 * @param config - any config; its `timeout` (milliseconds) and `fetch` are used
 * @param endpoint - its name, for errors
 * @param url - where to, already judged by `endpoint()` or `secureUrl()`
 * @param init - method, headers and body
 * @param options - `signal` and `fetch` of this call
 * @returns the answer, of whatever status
 * @throws OidcError `network`, `timeout`, `aborted`, `unsupported_runtime`
 */
export async function request(
  config: Config,
  endpoint: EndpointName,
  url: URL,
  init: Send,
  options?: RequestOptions,
): Promise<Answer> {
  const { fetch: send = config.fetch ?? globalThis.fetch, signal } = options ?? {}
  const { timeout } = config
  const { href } = url
  // One controller joins the limit and the caller's signal: AbortSignal.any is too young, and piles up on a signal that lives long.
  const stop = new AbortController()
  let timer: unknown
  let abort!: () => void
  // Settled by whoever is first: a fetch that ignores its signal must not hold the caller.
  return new Promise<Answer>((resolve, reject) => {
    if (!send) throw unsupported('fetch')
    const end = (code: 'network' | 'timeout' | 'aborted', error?: unknown) => {
      // What is still under way is not wanted any more.
      stop.abort(0)
      const { name, code: own, cause } = Object(error) as Record<string, { code?: unknown } | undefined>
      const text = (value: unknown) => (typeof value == 'string' ? value : undefined)
      const errorCode = text(own) ?? text(cause?.code)
      const retryable = init.method == 'GET'
      reject(
        new OidcError(
          code,
          `The ${endpoint} endpoint did not answer (${errorCode ?? code}): ${retryable ? 'try again' : 'start over, do not resend'}.`,
          {
            endpoint,
            retryable,
            // A connection that was never made carried nothing.
            mayHaveArrived: !(early || /REFUSED|NOTFOUND|AGAIN/.test(errorCode!)),
            errorName: text(name),
            errorCode,
          },
          code == 'aborted' ? { cause: signal!.reason } : undefined,
        ),
      )
    }
    abort = () => end('aborted')
    const early = signal?.aborted
    if (early) {
      abort()
      return
    }
    // A limit that is no number, negative, or too long for a timer, is the default; never "none" or "at once".
    const limit = typeof timeout == 'number' && timeout >= 0 && timeout < 2 ** 31 ? timeout : 10_000
    if (limit) timer = setTimeout(() => end('timeout'), limit)
    const read = async () => {
      signal?.addEventListener('abort', abort)
      const response = await send(href, { ...init, redirect: 'manual', signal: stop.signal })
      const { status, headers, redirected, url: from } = response
      // An opaque redirect has the status 0.
      const moved = redirected || /^[03]/.test(`${status}`) || (from && from != href)
      return {
        status,
        headers,
        // Here, where it is an error of the exchange that an answer has none.
        after: headers.get('retry-after'),
        // 1 MiB, for errors 64 KiB.
        ...(moved
          ? // Nobody reads the body of a redirect.
            (stop.abort(0), { text: '', reason: 'redirect' as const })
          : await readText(response, status < 300 ? 1 << 20 : 1 << 16)),
      }
    }
    read()
      .then(resolve, (error: unknown) => end('network', error))
      // What was thrown may not even let itself be looked at.
      .catch(() => end('network'))
  }).finally(() => {
    clearTimeout(timer as number)
    signal?.removeEventListener?.('abort', abort)
  })
}

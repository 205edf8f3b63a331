import { OidcError } from './OidcError.js'
import { readText } from './readText.js'
import type { Config, EndpointName, RequestOptions, ResponseLike } from './types.js'
import { unsupported } from './unsupported.js'

/** One request. */
export interface Send {
  /** Default: GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers: Record<string, string>
  readonly body?: string | undefined
}

/** A whole answer: nothing of it is still to come. */
export interface Answer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
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
 * @param send - method, headers and body
 * @param options - `signal` and `fetch` of this call
 * @returns the answer, of whatever status
 * @throws OidcError `network`, `timeout`, `aborted`, `unsupported_runtime`
 */
export async function request(
  config: Config,
  endpoint: EndpointName,
  url: URL,
  { method = 'GET', headers, body }: Send,
  options: RequestOptions = {},
): Promise<Answer> {
  const fetch = options.fetch ?? config.fetch ?? globalThis.fetch
  if (!fetch) throw unsupported('fetch')
  const { signal } = options as { signal?: globalThis.AbortSignal }
  // One controller joins the limit and the caller's signal: AbortSignal.any is too young, and piles up on a signal that lives long.
  const stop = new AbortController()
  let code = 'network' as 'network' | 'timeout' | 'aborted'
  let sent = false
  let end!: (why: typeof code) => void
  // Raced against the exchange, since a fetch that ignores its signal must not hold the caller.
  const ended = new Promise<never>((_, reject) => {
    end = (why) => {
      code = why
      stop.abort()
      reject()
    }
  })
  const aborted = () => end('aborted')
  // A limit that is no number, or negative, is the default; never "none".
  const limit = config.timeout! >= 0 ? config.timeout! : 10_000
  const timer = limit && setTimeout(() => end('timeout'), limit)
  signal?.addEventListener('abort', aborted)
  try {
    if (signal?.aborted) {
      aborted()
      return await ended
    }
    sent = true
    return await Promise.race([
      ended,
      (async () =>
        read(
          await fetch(url.href, { method, headers, body: body as string, redirect: 'manual', signal: stop.signal }),
          url.href,
        ))(),
    ])
  } catch (error) {
    const { name, code: own, cause } = (error ?? {}) as { name?: unknown; code?: unknown; cause?: { code?: unknown } }
    const errorName = word(name)
    const errorCode = word(own) ?? word(cause?.code)
    const retryable = method == 'GET'
    throw new OidcError(
      code,
      `The ${endpoint} endpoint gave no whole answer (${errorCode ?? code}): ${
        retryable ? 'try again later' : 'do not send the same request again, start over'
      }.`,
      // A connection that was never made carried nothing.
      { endpoint, retryable, mayHaveArrived: sent && !/REFUSED|NOTFOUND|AGAIN/.test(errorCode!), errorName, errorCode },
      code == 'aborted' ? { cause: (signal as { reason?: unknown }).reason } : undefined,
    )
  } finally {
    clearTimeout(timer as number)
    signal?.removeEventListener('abort', aborted)
    // What is still under way is not wanted any more, the body of a redirect say.
    stop.abort()
  }
}

/** A platform error's name or code, when it is one: a single word. */
const word = (value: unknown) => (typeof value == 'string' && /^\w{1,40}$/.test(value) ? value : undefined)

async function read(response: ResponseLike, url: string): Promise<Answer> {
  const { status, headers, type, redirected, url: from } = response
  const moved = type == 'opaqueredirect' || redirected || (status > 299 && status < 400) || (from && from != url)
  // 1 MiB, for errors 64 KiB.
  const body = moved ? { text: '', reason: 'redirect' as const } : await readText(response, status < 300 ? 1 << 20 : 1 << 16)
  return { status, headers, ...body }
}

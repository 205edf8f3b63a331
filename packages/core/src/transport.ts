import { createFetch, FetchError } from 'ofetch'
import type { FetchInit, FetchLike, ResponseLike } from './types.js'

/** How the transport behaves. */
export interface TransportOptions {
  /** Limit for all attempts of one call together, in milliseconds. Default 10 000; 0 turns it off. */
  readonly timeout?: number
  /** How often a GET is tried again, at most. Default 2. A POST is never sent twice. */
  readonly retries?: number
  /** What sends. Default: the platform's `fetch`. */
  readonly fetch?: FetchLike
}

// Answers after which a GET is worth another try.
const PASSING = /* @__PURE__ */ new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * Makes a `fetch`-shaped function on ofetch for `config.fetch` or `options.fetch`: a GET is tried again after a network
 * error or a passing server error, waiting as long as `Retry-After` says when that fits into the time limit. A POST is
 * sent once. The response is handed on unread, and errors are the platform's own.
 *
 * @param options - limits
 * @returns a function for `config.fetch`
 *
 * @example
 * ```ts
 * import { defineConfig } from '@genauth-oidc/core/defineConfig'
 * import { createTransport } from '@genauth-oidc/core/transport'
 *
 * export const config = defineConfig({
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   fetch: createTransport({ retries: 3 }),
 * })
 * ```
 */
export function createTransport({ timeout = 10_000, retries = 2, fetch }: TransportOptions = {}): FetchLike {
  return async (url: string, init: FetchInit): Promise<ResponseLike> => {
    const send = createFetch({ fetch: (fetch ?? globalThis.fetch) as typeof globalThis.fetch })
    const end = Date.now() + (timeout || 1 / 0)
    const stop = new AbortController()
    const outer = init.signal as globalThis.AbortSignal | undefined
    const abort = () => stop.abort(outer!.reason)
    outer?.throwIfAborted()
    // Never removed: the body is still to be read when this function is done.
    outer?.addEventListener('abort', abort, { once: true })
    const timer = timeout && setTimeout(() => stop.abort(new DOMException('time limit', 'TimeoutError')), timeout)
    try {
      // GenAuth's validation carries a token in its address: it travels once, like a POST.
      for (let left = init.method == 'GET' && !/\/validate_token\?/.test(url) ? retries : 0; ; left--) {
        let wait = 100 * 2 ** (retries - left)
        try {
          const response = await send.raw(url, {
            ...init,
            signal: stop.signal,
            // Unread, of whatever status, and once: trying again is done here, where Retry-After is read.
            responseType: 'stream',
            ignoreResponseError: true,
            retry: false,
          })
          if (left < 1 || !PASSING.has(response.status)) return response
          const after = response.headers.get('retry-after')
          if (after) wait = +after >= 0 ? +after * 1000 : Date.parse(after) - Date.now()
          // What can't be waited for is the caller's to judge.
          if (!(Date.now() + wait < end)) return response
          await response.body?.cancel()
        } catch (error) {
          const cause = error instanceof FetchError ? (error.cause ?? new TypeError('network error')) : error
          if (left < 1 || stop.signal.aborted || Date.now() + wait >= end) throw cause
        }
        stop.signal.throwIfAborted()
        await new Promise<void>((resolve, reject) => {
          const pause = setTimeout(resolve, Math.max(wait, 0))
          stop.signal.addEventListener('abort', () => {
            clearTimeout(pause)
            reject(stop.signal.reason as Error)
          })
        })
      }
    } finally {
      clearTimeout(timer as number)
    }
  }
}

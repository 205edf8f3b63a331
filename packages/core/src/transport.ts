import { createFetch, FetchError } from 'ofetch'
import type { FetchInit, FetchLike, ResponseLike } from './types.js'

/** How the transport behaves. */
export interface TransportOptions {
  /** Limit for all attempts of one call together, in milliseconds. Default 10 000; 0 turns it off. */
  readonly timeout?: number | undefined
  /** How often a GET is tried again, at most. Default 2, never more than 10. A POST is never sent twice. */
  readonly retries?: number | undefined
  /** What sends: it is called as `config.fetch` would be. Default: the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined
}

// Answers after which a GET is worth another try.
const PASSING = /* @__PURE__ */ new Set([408, 425, 429, 500, 502, 503, 504])

// What such a GET carries in its address may be good for one use: GenAuth's token to validate, a CAS ticket.
const ONCE = /\/validate_token\?|[?&]ticket=/

/**
 * Makes a `fetch`-shaped function on ofetch for `config.fetch` or `options.fetch`: a GET is tried again after a network
 * error or a passing server error, waiting as long as `Retry-After` says when that fits into the time limit. A POST is
 * sent once, and so is a GET with something that is good for once: a DPoP proof, a CAS ticket, a token to validate. The
 * response is handed on unread, and errors are the platform's own.
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
export function createTransport({ timeout, retries, fetch }: TransportOptions = {}): FetchLike {
  // What is no such number is the default: an unset variable must not flood a server, nor end a call at once.
  const limit = typeof timeout == 'number' && timeout >= 0 && timeout < 2 ** 31 ? timeout : 10_000
  const most = typeof retries == 'number' && retries >= 0 ? Math.min(retries, 10) : 2
  return async (url: string, init: FetchInit): Promise<ResponseLike> => {
    const stop = new AbortController()
    // Past ofetch, which would make a Headers object of the headers and add fields of its own.
    const exchange = () => (fetch ?? globalThis.fetch)(url, { ...init, signal: stop.signal })
    const send = createFetch({ fetch: exchange as unknown as typeof globalThis.fetch })
    // Without a limit still no longer than a timer can wait.
    const end = Date.now() + (limit || 2 ** 31 - 1)
    const outer = init.signal as globalThis.AbortSignal | undefined
    const abort = () => stop.abort(outer!.reason)
    outer?.throwIfAborted()
    // Never removed: the body is still to be read when this function is done.
    outer?.addEventListener('abort', abort, { once: true })
    const timer = limit && setTimeout(() => stop.abort(new DOMException('time limit', 'TimeoutError')), limit)
    try {
      // A server that heeds RFC 9449 section 11.1 takes a proof once.
      const once = init.method != 'GET' || ONCE.test(url) || new Headers(init.headers).has('dpop')
      for (let left = once ? 0 : most; ; left--) {
        let wait = 100 * 2 ** (most - left)
        try {
          const response = await send.raw(url, {
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

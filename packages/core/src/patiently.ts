import type { RequestOptions } from './types.js'

/**
 * Waits for a store as long as for a server: one that is down, or does not answer, is done without.
 *
 * @param work - asks the store
 * @param timeout - of the config, in milliseconds
 * @param options - `signal` ends the waiting; it is the question to the provider that says so
 * @returns what the store gave, or undefined
 */
export async function patiently(work: () => unknown, timeout: unknown, options?: RequestOptions): Promise<unknown> {
  const signal = options?.signal
  let leave!: () => void
  let timer: unknown
  const limit = new Promise<void>((resolve) => {
    leave = resolve
    timer = setTimeout(resolve, typeof timeout == 'number' && timeout > 0 && timeout < 2 ** 31 ? timeout : 10_000)
  })
  try {
    signal?.addEventListener('abort', leave)
    return await Promise.race([limit, signal?.aborted || work()])
  } catch {
  } finally {
    clearTimeout(timer as number)
    signal?.removeEventListener?.('abort', leave)
  }
  return
}

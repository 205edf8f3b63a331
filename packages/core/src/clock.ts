import type { RequestOptions } from './types.js'

/**
 * The present time.
 *
 * @param options - its `now` is in epoch milliseconds, a number or a function
 * @returns epoch seconds, with fraction
 */
export function clock(options?: Pick<RequestOptions, 'now'>): number {
  const now = options?.now ?? Date.now
  return (typeof now == 'function' ? now() : now) / 1000
}

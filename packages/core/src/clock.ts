import { argumentError } from './argumentError.js'
import type { RequestOptions } from './types.js'

/**
 * The present time.
 *
 * @param options - its `now` is in epoch milliseconds, a number or a function
 * @returns epoch seconds, with fraction
 */
export function clock(options?: Pick<RequestOptions, 'now'>): number {
  const now = options?.now ?? Date.now
  const ms = typeof now == 'function' ? now() : now
  if (!Number.isFinite(ms)) throw argumentError('now', 'epoch milliseconds')
  return ms / 1000
}

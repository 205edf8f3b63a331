import type { Bad } from '@genauth-oidc/core/ask'
import type { JsonObject } from '@genauth-oidc/core/types'
import type { PendingAuthorization } from '../types.js'

/** Reads how long a sign-in that goes on elsewhere is open, and how often to ask: 5 seconds where nothing is said. */
export function pending({ expires_in, interval = 5 }: JsonObject, bad: Bad, now: number): PendingAuthorization {
  if (!(Number.isFinite(expires_in) && (expires_in as number) > 0)) throw bad('shape', 'expires_in is not positive')
  if (!(Number.isFinite(interval) && (interval as number) >= 0)) throw bad('shape', 'interval is no number of seconds')
  return { interval: interval as number, expiresAt: Math.floor(now + (expires_in as number)) }
}

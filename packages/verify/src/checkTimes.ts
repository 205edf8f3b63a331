import { clock } from '@genauth-oidc/core/clock'
import { tolerance } from '@genauth-oidc/core/tolerance'
import type { Config, JsonObject, RequestOptions } from '@genauth-oidc/core/types'
import type { Refuse } from './refuse.js'

/**
 * Checks `exp`, `iat` and `nbf` (RFC 7519 section 4.1). Every comparison fails for what is no finite number.
 *
 * @param config - its `clockTolerance` is used
 * @param claims - of the token
 * @param refuse - makes the errors
 * @param options - its clock
 * @param age - how many seconds ago `iat` may be, at most
 * @returns the earliest and the latest time, in epoch seconds, that count as now
 * @throws OidcError `token_invalid`
 */
export function checkTimes(
  config: Config,
  { exp, iat, nbf = 0 }: JsonObject,
  refuse: Refuse,
  options: RequestOptions | undefined,
  age = 1 / 0,
): [earliest: number, latest: number] {
  const now = clock(options)
  const slack = tolerance(config)
  const earliest = now - slack
  const latest = now + slack
  if (!(Number.isFinite(exp) && (exp as number) > earliest)) throw refuse('exp', 'in the future', 'get a new one, and check the clock')
  if (!(Number.isFinite(iat) && (iat as number) <= latest && (iat as number) < (exp as number) && (iat as number) >= earliest - age))
    throw refuse('iat', `in the past, before exp and not over ${age} seconds ago`, 'get a new one, and check the clock')
  if (!(Number.isFinite(nbf) && (nbf as number) <= latest)) throw refuse('nbf', 'in the past', 'check the clock')
  return [earliest, latest]
}

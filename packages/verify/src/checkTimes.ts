import { clock } from '@genauth-oidc/core/clock'
import { tolerance } from '@genauth-oidc/core/tolerance'
import type { Config, JsonObject, RequestOptions } from '@genauth-oidc/core/types'

/** What of a token's times does not hold, as rules for `uphold`. */
export interface TimeRules {
  readonly exp: true | string
  readonly iat: true | string
  readonly nbf: true | string
  readonly auth_time: true | string
}

/**
 * Judges `exp`, `iat`, `nbf` (RFC 7519 section 4.1) and `auth_time` (OIDC Core section 2). Every comparison fails for what is
 * no finite number.
 *
 * @param config - its `clockTolerance` is used
 * @param claims - of the token
 * @param options - its clock
 * @param age - how many seconds ago `iat` may be, at most
 * @param maxAge - how many seconds ago `auth_time` may be, at most; when given it has to be there
 * @returns the rules, for `uphold`
 */
export function checkTimes(
  config: Config,
  { exp, iat, nbf, auth_time }: JsonObject,
  options?: RequestOptions,
  age = 1 / 0,
  maxAge?: number,
): TimeRules {
  const timely = 'timely: check the clock'
  const now = clock(options)
  const slack = tolerance(config)
  const ends = Number.isFinite(exp)
  const past = (time: unknown, limit = 1 / 0) =>
    Number.isFinite(time) && (time as number) <= now + slack && (time as number) >= now - slack - limit
  return {
    exp: (ends && (exp as number) > now - slack) || timely,
    iat: (ends && past(iat, age) && (iat as number) < (exp as number)) || timely,
    nbf: nbf === undefined || past(nbf) || timely,
    auth_time: (auth_time ?? maxAge) === undefined || past(auth_time, maxAge) || 'within maxAge',
  }
}

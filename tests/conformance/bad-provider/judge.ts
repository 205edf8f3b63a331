import { inspect, isDeepStrictEqual } from 'node:util'
import { expectedRequests } from './expectations.js'
import type { Outcome } from './runModule.js'
import type { Module, Variant } from './types.js'

/** What is not as a module expects it of us; nothing, when the run passes. */
export function judge(module: Module, variant: Variant, outcome: Outcome): string[] {
  const { expected, accepted } = module
  const { run, verdict, error, signedIn } = outcome
  const problems: string[] = []
  const wanted = expected.code ? 'refuses' : 'accepts'
  if (verdict !== wanted) problems.push(`it ${verdict} where it should have said: it ${wanted} (${inspect(error)})`)
  else if (expected.code) {
    const wish = { code: expected.code, ...expected.fields }
    if (!holds(error, wish)) problems.push(`the error is ${inspect(error)} and not ${inspect(wish)}`)
  } else {
    const { iss, sub } = signedIn?.claims ?? {}
    if (iss !== run.issuer || sub !== run.user.sub) problems.push('the claims are not those of the user')
    if (signedIn?.userInfo && signedIn.userInfo.sub !== sub) problems.push('the user info is of another user')
    try {
      accepted?.(signedIn, run)
    } catch (complaint) {
      problems.push(String(complaint))
    }
  }
  const asked = run.log.filter((endpoint) => !['discovery', 'registration', 'par', 'authorization'].includes(endpoint))
  const allowed = expectedRequests(module, variant)
  if (!isDeepStrictEqual(asked, [...allowed])) problems.push(`it asked ${inspect(asked)} and not ${inspect(allowed)}`)
  if (expected.stage === 'discovery' && run.log.length > 1) problems.push(`it asked ${inspect(run.log)}`)
  return problems
}

/** Whether all that is expected is there; what else is there does not matter. */
function holds(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected)
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return false
  return Object.entries(expected).every(([key, value]) => holds((actual as Record<string, unknown>)[key], value))
}

import type { EngineModules } from './engine.js'

/** Refuses a grant with the reason in the answer, where the engine would keep it to itself. */
export function refuseGrant({ errors }: EngineModules, reason: string): never {
  throw Object.assign(new errors.InvalidGrant(reason), { error_description: reason })
}

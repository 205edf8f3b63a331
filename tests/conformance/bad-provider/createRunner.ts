import { nameOf } from './profiles.js'
import type { BadProvider } from './provider/startBadProvider.js'
import { runModule, type Outcome } from './runModule.js'
import type { Client, ClientOptions, Module, Variant } from './types.js'

export type Runner = (client: Client, module: Module, variant: Variant, options?: ClientOptions) => Promise<Outcome>

/** Runs each case once, however many profiles and tables ask for it. */
export function createRunner(provider: BadProvider): Runner {
  const outcomes = new Map<string, Promise<Outcome>>()
  return async (client, module, variant, options) => {
    const key = [client.name, module.name, nameOf(variant), options?.signatures ?? false].join()
    let outcome = outcomes.get(key)
    if (!outcome) {
      outcome = runModule(provider, client, module, variant, options)
      outcomes.set(key, outcome)
    }
    return outcome
  }
}

import { browse } from './browse.js'
import { signIn } from './flows/signIn.js'
import type { BadProvider } from './provider/startBadProvider.js'
import type { Client, ClientOptions, Module, Run, SignedIn, Variant } from './types.js'
import { Unsupported } from './unsupported.js'

/** How a run ended. */
export interface Outcome {
  readonly verdict: 'accepts' | 'refuses' | 'unsupported'
  readonly run: Run
  readonly signedIn?: SignedIn | undefined
  readonly error?: unknown
}

/**
 * Runs a module in one variant through one client.
 *
 * @throws Error when the client, or its use here, broke a rule of the protocol: then the verdict would mean nothing
 */
export async function runModule(
  provider: BadProvider,
  client: Client,
  module: Module,
  variant: Variant,
  options?: ClientOptions,
): Promise<Outcome> {
  const { behaviour, client: registration, flow = signIn, params = {}, oursAlone } = module
  const run = provider.open(variant, behaviour, registration)
  if (oursAlone !== undefined && client.name !== 'ours') return { verdict: 'unsupported', run }
  const context = {
    params,
    browse,
    another: () => provider.open(variant, {}),
    connect: async (other: Run) => client.connect(other, options),
  }
  let outcome: Outcome
  try {
    const signedIn = await flow(await client.connect(run, options), run, context)
    outcome = { verdict: 'accepts', signedIn, run }
  } catch (error) {
    outcome = { verdict: error instanceof Unsupported ? 'unsupported' : 'refuses', error, run }
  }
  if (run.violations.length > 0) {
    throw new Error(`${client.name} in ${module.name} broke a rule: ${run.violations.join('; ')}`, {
      cause: outcome.error,
    })
  }
  return outcome
}

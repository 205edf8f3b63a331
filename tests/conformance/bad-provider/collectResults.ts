import { oauth4webapi } from './clients/oauth4webapi.js'
import { openidClient } from './clients/openidClient.js'
import { ours } from './clients/ours.js'
import type { Runner } from './createRunner.js'
import { judge } from './judge.js'
import { applies, casesOf, nameOf, profileNames, variantsOf, wayOf } from './profiles.js'
import type { AnyModule, Client, ClientOptions, Module, NotApplicable, Profile, Variant } from './types.js'

/** With a star: only as long as the client's switch for signatures is off. */
export type Verdict = 'accepts' | 'accepts*' | 'refuses'

export type Verdicts = readonly { readonly variant: Variant; readonly verdict: Verdict }[]

/** What came of one module. */
export interface ModuleResult {
  readonly module: Module
  readonly runs: number
  /** By the client's name; empty where it has no function for this. */
  readonly peers: Readonly<Record<string, Verdicts>>
}

export interface Results {
  readonly modules: readonly ModuleResult[]
  readonly left: readonly NotApplicable[]
  readonly profiles: readonly { readonly profile: Profile; readonly cases: number; readonly runs: number }[]
  /** The ways to sign in that work with a well-behaved provider, by the client's name. */
  readonly support: Readonly<Record<string, readonly Variant[]>>
  /** What did not pass, in words. */
  readonly failures: readonly string[]
}

export const peers: readonly Client[] = [oauth4webapi, openidClient]

/** Runs every module through every client. */
export async function collectResults(modules: readonly AnyModule[], run: Runner): Promise<Results> {
  const running = modules.filter(applies)
  const named = (name: string) => {
    const module = running.find((one) => one.name === name)
    if (!module) throw new Error(`There is no module ${name}`)
    return module
  }
  const wellBehaved = named('oidcc-client-test')
  const wellBehavedFapi = named('fapi2-security-profile-final-client-test-happy-path')

  const failures: string[] = []
  for (const module of running)
    for (const variant of casesOf(module))
      for (const problem of judge(module, variant, await run(ours, module, variant)))
        failures.push(`${module.name}, ${nameOf(variant)}: ${problem}`)

  const supports = async (client: Client, variant: Variant, options?: ClientOptions) =>
    (await run(client, variant.fapi ? wellBehavedFapi : wellBehaved, variant, options)).verdict === 'accepts'

  const verdictOf = async (peer: Client, module: Module, variant: Variant): Promise<Verdict | undefined> => {
    if (!(await supports(peer, variant))) return undefined
    const { verdict } = await run(peer, module, variant)
    if (verdict === 'unsupported') return undefined
    if (verdict === 'refuses' || !module.expected.code) return verdict
    const signatures = { signatures: true }
    // A switch that refuses good tokens too is no remedy.
    if (!(await supports(peer, variant, signatures))) return verdict
    return (await run(peer, module, variant, signatures)).verdict === 'refuses' ? 'accepts*' : verdict
  }

  const results: ModuleResult[] = []
  for (const module of running) {
    const cases = casesOf(module)
    const found: Record<string, Verdicts> = {}
    for (const peer of peers) {
      const verdicts: { variant: Variant; verdict: Verdict }[] = []
      for (const variant of cases) {
        const verdict = await verdictOf(peer, module, variant)
        if (verdict) verdicts.push({ variant, verdict })
      }
      found[peer.name] = verdicts
    }
    results.push({ module, runs: cases.length, peers: found })
  }

  const support: Record<string, Variant[]> = {}
  for (const client of [ours, ...peers]) {
    const good: Variant[] = []
    for (const variant of [wellBehaved, wellBehavedFapi].flatMap(casesOf))
      if (await supports(client, variant)) good.push(variant)
    support[client.name] = good
  }

  return {
    modules: results,
    left: modules.flatMap((module) => (applies(module) ? [] : [module])),
    profiles: profileNames.map((profile) => {
      const variants = running
        .filter((module) => module.profiles.includes(profile))
        .map((module) => variantsOf(module, profile))
      const places = variants.map((some) => new Set(some.map((one) => wayOf(one))).size)
      return { profile, cases: sum(places), runs: sum(variants.map(({ length }) => length)) }
    }),
    support,
    failures,
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

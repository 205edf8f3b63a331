import { ask } from '@genauth-oidc/core/ask'
import { clock } from '@genauth-oidc/core/clock'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { issuer } from '@genauth-oidc/core/issuer'
import type { JsonObject, TokenConfig } from '@genauth-oidc/core/types'
import type { VerifyOptions } from '../types.js'

/** A key set, and when it was fetched and last fetched for a key that was not in it, in epoch seconds. */
export interface KeySet {
  readonly at: number
  readonly missed?: number | false | undefined
  readonly keys: readonly unknown[]
}

interface Entry {
  readonly name: string
  set?: KeySet
  flight?: Promise<KeySet> | undefined
  /** When the last fetch failed, and with what. */
  failed?: number | undefined
  error?: unknown
}

// Keyed by the store or the fetch function, so that what one application's transport fetched serves no other.
const shelves = /* @__PURE__ */ new WeakMap<object, Entry[]>()

/**
 * The provider's keys: kept for 5 minutes, fetched once for all who wait.
 *
 * @param config - an oidc or oauth config
 * @param options - store, fetch, clock, signal
 * @param fits - tells whether a member of the set fits; when not exactly one does, the set is fetched again, at most
 *   every 30 seconds
 * @returns the key, or undefined where none or several fit
 * @throws OidcError as every request
 */
export async function keys(
  config: TokenConfig,
  options: VerifyOptions,
  fits: (key: JsonObject | null) => boolean,
): Promise<JsonObject | undefined> {
  const pick = ({ keys }: KeySet) => {
    const [key, rival] = (keys as readonly JsonObject[]).filter(fits)
    return rival ? undefined : key
  }
  // The address is part of the name: two configs may call two servers by the same issuer.
  const { appHost, endpoints, protocol } = config
  const name = `genauth-oidc:jwks:${issuer(config)} ${endpoints?.jwks || `${appHost} ${protocol}`}`
  const now = clock(options)
  const { jwks: store, fetch = config.fetch ?? globalThis.fetch } = options
  const owner = Object(store ?? fetch ?? config) as object
  const shelf = shelves.get(owner) ?? []
  const entry: Entry = shelf.find((one) => one.name == name) ?? { name }
  if (!shelf.includes(entry)) shelves.set(owner, [entry, ...shelf].slice(0, 50))

  try {
    const { at, missed, keys } = Object(await store?.get(name)) as Partial<Record<keyof KeySet, unknown>>
    // The newer one: a store may be slow to show what was written, or not take it.
    if (typeof at == 'number' && at <= now && !(at <= (entry.set?.at ?? NaN)) && Array.isArray(keys))
      entry.set = { at, missed: typeof missed == 'number' && missed, keys }
  } catch {
    // A store that is down is no reason to fail: what this process saw last is good, too.
  }
  let { set } = entry
  const age = now - (set?.at ?? NaN)
  const old = age >= 0 && age < 600
  const known = old ? pick(set!) : undefined
  if (old && age < 300 && (known || now - (set!.missed as number) < 30)) return known

  // What is wrong with this config is no failure of the server.
  const url = endpoint(config, 'jwks', '.well-known/jwks.json')
  const load = async () =>
    ask(
      config,
      'jwks',
      url,
      () => ({}),
      { fetch, now: options.now },
      ({ keys }, bad): KeySet => {
        if (!Array.isArray(keys)) throw bad('shape', 'no keys')
        entry.failed = undefined
        // The pause begins with a load for a key that was not there; the first load is none.
        return (entry.set = { at: now, keys, missed: old && !known && now })
      },
    )
  // On Workers one request may not wait for another's: only data is shared there.
  const shared = globalThis.navigator?.userAgent == 'Cloudflare-Workers' ? undefined : entry.flight
  try {
    if (old && (now - entry.failed!) ** 2 < 1) throw entry.error
    set = await (shared ?? (entry.flight = load().finally(() => (entry.flight = undefined))))
  } catch (error) {
    if (entry.error != error) {
      // It may have taken its time to fail.
      entry.failed = clock(options)
      entry.error = error
    }
    // The server is down: a key that was known is good for a while longer.
    if (known) return known
    throw error
  }
  try {
    // Nobody but who has asked waits for the store.
    if (!shared) await store?.set(name, set)
  } catch {}
  return pick(set)
}

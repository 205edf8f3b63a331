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
  flight?: Promise<void> | undefined
  /** When the last fetch failed. */
  failed?: number
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
  const pick = (set: readonly unknown[]) => {
    const [key, rival] = (set as JsonObject[]).filter(fits)
    return rival ? undefined : key
  }
  // The address is part of the name: two configs may call two servers by the same issuer.
  const { appHost, endpoints, protocol } = config
  const name = `genauth-oidc:jwks:${issuer(config)} ${endpoints?.jwks || `${appHost} ${protocol}`}`
  const now = clock(options)
  const { jwks: store, fetch = config.fetch ?? globalThis.fetch } = options
  const owner = store ?? fetch ?? config
  const shelf = shelves.get(owner) ?? []
  const entry: Entry = shelf.find((one) => one.name == name) ?? { name }
  if (!shelf.includes(entry)) shelves.set(owner, [entry, ...shelf].slice(0, 50))

  let set: unknown = entry.set
  try {
    if (store) set = await store.get(name)
  } catch {
    // A store that is down is no reason to fail: what this process fetched is good, too.
  }
  const { at, missed, keys: had } = Object(set) as { at: unknown; missed: number; keys: unknown }
  const age = typeof at == 'number' && Array.isArray(had) ? now - at : -1
  const old = age >= 0 && age < 600
  // For when the store is down.
  if (old) entry.set = set as KeySet
  const known = old ? pick(had as unknown[]) : undefined
  if (old && ((age < 300 && (known || now - missed < 30)) || (now - entry.failed!) ** 2 < 1)) return known

  const load = async () =>
    ask(
      config,
      'jwks',
      endpoint(config, 'jwks', '.well-known/jwks.json'),
      () => ({}),
      { fetch, now: options.now },
      ({ keys }, bad) => {
        if (!Array.isArray(keys)) throw bad('shape', 'no keys')
        // The pause begins with a load for a key that was not there; the first load is none.
        entry.set = { at: now, keys, missed: old && !known && now }
      },
    )
  // On Workers one request may not wait for another's: only data is shared there.
  const shared = globalThis.navigator?.userAgent == 'Cloudflare-Workers' ? undefined : entry.flight
  try {
    await (shared ?? (entry.flight = load().finally(() => (entry.flight = undefined))))
  } catch (error) {
    entry.failed = now
    // The server is down: a key that was known is good for a while longer.
    if (known) return known
    throw error
  }
  try {
    // Nobody but who has asked waits for the store.
    if (!shared) await store?.set(name, entry.set)
  } catch {}
  return pick(entry.set!.keys)
}

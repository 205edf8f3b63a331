import { abortable } from '@genauth-oidc/core/abortable'
import { ask } from '@genauth-oidc/core/ask'
import { clock } from '@genauth-oidc/core/clock'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { isObject } from '@genauth-oidc/core/isObject'
import { issuer } from '@genauth-oidc/core/issuer'
import type { JsonObject, OidcConfig, TokenConfig } from '@genauth-oidc/core/types'
import type { VerifyOptions } from '../types.js'

/** A key set, and when it was fetched and last fetched for a key that was not in it, in epoch seconds. */
export interface KeySet {
  readonly at: number
  readonly missed?: number
  readonly keys: readonly JsonObject[]
}

interface Shelf {
  readonly sets: Map<string, KeySet>
  readonly flights: Map<string, Promise<KeySet>>
}

// Keyed by the store or the fetch function, so that what one application's transport fetched serves no other.
const shelves = /* @__PURE__ */ new WeakMap<object, Shelf>()

/**
 * The provider's keys: kept for 5 minutes, fetched once for all who wait.
 *
 * @param config - an oidc or oauth config
 * @param options - store, fetch, clock, signal
 * @param has - whether a set has the wanted key; when not, the set is fetched again, at most every 30 seconds
 * @returns the key set, which may still lack the key
 * @throws OidcError as every request
 */
export async function keys(
  config: OidcConfig | TokenConfig,
  options: VerifyOptions,
  has: (set: KeySet) => boolean,
): Promise<KeySet> {
  const url = endpoint(config, 'jwks', '.well-known/jwks.json')
  const name = `genauth-oidc:jwks:${issuer(config)} ${url.href}`
  const now = clock(options)
  const send = options.fetch ?? config.fetch ?? globalThis.fetch
  const owner = options.jwks ?? send
  let shelf = owner && shelves.get(owner)
  if (owner && !shelf) shelves.set(owner, (shelf = { sets: new Map(), flights: new Map() }))
  const { sets, flights } = shelf ?? { sets: new Map<string, KeySet>(), flights: new Map<string, Promise<KeySet>>() }

  const stored: unknown = options.jwks ? await options.jwks.get(name) : sets.get(name)
  const old = isSet(stored, now) ? stored : undefined
  const known = old && has(old)
  if (old && now - old.at < 300 && (known || now - (old.missed ?? -1 / 0) < 30)) return old

  // On Workers one request may not wait for another's: only data is shared there.
  const alone = globalThis.navigator?.userAgent == 'Cloudflare-Workers'
  let flight = alone ? undefined : flights.get(name)
  if (!flight) {
    flight = ask(config, 'jwks', url, () => ({}), { fetch: send, now: options.now, ...(alone && options) }, async (body, bad) => {
      if (!Array.isArray(body.keys)) throw bad('shape', 'keys is not an array')
      const set: KeySet = {
        at: now,
        // A key that is not there was asked for: the pause begins. The first load is no answer to that.
        ...(old && !known ? { missed: now } : {}),
        keys: body.keys.filter(isObject),
      }
      if (options.jwks) await options.jwks.set(name, set)
      else {
        sets.delete(name)
        if (sets.size > 49) sets.delete(sets.keys().next().value!)
        sets.set(name, set)
      }
      return set
    }).finally(() => flights.delete(name))
    if (!alone) flights.set(name, flight)
  }
  try {
    return await (alone ? flight : abortable(flight, options, 'jwks'))
  } catch (error) {
    // The server is down: a key that was known is good for a while longer.
    if (known && now - old.at < 600) return old
    throw error
  }
}

/** What a store gives back is judged like an answer: an object with keys, not from the future, at most an hour old. */
const isSet = (value: unknown, now: number): value is KeySet =>
  isObject(value) &&
  (value.at as number) <= now &&
  now - (value.at as number) < 3600 &&
  Array.isArray(value.keys) &&
  value.keys.every(isObject)

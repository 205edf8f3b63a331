import { abortable } from '@genauth-oidc/core/abortable'
import { ask } from '@genauth-oidc/core/ask'
import { clock } from '@genauth-oidc/core/clock'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import { isObject } from '@genauth-oidc/core/isObject'
import { issuer } from '@genauth-oidc/core/issuer'
import type { JsonObject, TokenConfig } from '@genauth-oidc/core/types'
import type { VerifyOptions } from '../types.js'

/** A key set, and when it was fetched and last fetched for a key that was not in it, in epoch seconds. */
export interface KeySet {
  readonly at: number
  readonly missed?: number
  readonly keys: readonly JsonObject[]
}

interface Entry {
  set?: KeySet
  flight?: Promise<KeySet> | undefined
  /** When the last fetch failed. */
  failed?: number
}

// Keyed by the store or the fetch function, so that what one application's transport fetched serves no other.
const shelves = /* @__PURE__ */ new WeakMap<object, Map<string, Entry>>()

/**
 * The provider's keys: kept for 5 minutes, fetched once for all who wait.
 *
 * @param config - an oidc or oauth config
 * @param options - store, fetch, clock, signal
 * @param fits - picks those that fit; when none does, the set is fetched again, at most every 30 seconds
 * @returns the keys that fit
 * @throws OidcError as every request
 */
export async function keys(
  config: TokenConfig,
  options: VerifyOptions,
  fits: (key: JsonObject) => boolean,
): Promise<JsonObject[]> {
  // The address is part of the name: two configs may call two servers by the same issuer.
  const { appHost, endpoints, protocol } = config
  const name = `genauth-oidc:jwks:${issuer(config)} ${endpoints?.jwks || `${appHost} ${protocol}`}`
  const now = clock(options)
  const { jwks: store, fetch = config.fetch ?? globalThis.fetch } = options
  const owner = store ?? fetch ?? config
  let shelf = shelves.get(owner)
  if (!shelf) shelves.set(owner, (shelf = new Map()))
  let entry = shelf.get(name)
  if (!entry) {
    if (shelf.size > 49) shelf.delete(shelf.keys().next().value!)
    shelf.set(name, (entry = {}))
  }

  let stored: unknown = entry.set
  try {
    if (store) stored = await store.get(name)
  } catch {
    // A store that is down is no reason to fail: what this process fetched is good, too.
  }
  const old = isSet(stored, now) ? stored : undefined
  const known = old?.keys.filter(fits) ?? []
  if (
    old &&
    ((now - old.at < 300 && (known.length || now - old.missed! < 30)) ||
      // A server that is down is left alone for a second.
      (now - old.at < 600 && Math.abs(now - entry.failed!) < 1))
  )
    return known

  const load = async () =>
    ask(
      config,
      'jwks',
      endpoint(config, 'jwks', '.well-known/jwks.json'),
      () => ({}),
      { ...options, headers: undefined, dpop: undefined, signal: alone ? options.signal : undefined },
      async ({ keys }, bad) => {
        if (!Array.isArray(keys)) throw bad('shape', 'no keys')
        // The pause begins with a load for a key that was not there; the first load is none.
        const set: KeySet = { at: now, keys: keys.filter(isObject), ...(old && !known.length && { missed: now }) }
        entry.set = set
        try {
          await store?.set(name, set)
        } catch {}
        return set
      },
    )
  // On Workers one request may not wait for another's: only data is shared there.
  const alone = globalThis.navigator?.userAgent == 'Cloudflare-Workers'
  try {
    const set = await (alone
      ? load()
      : abortable((entry.flight ??= load().finally(() => (entry.flight = undefined))), options, 'jwks'))
    return set.keys.filter(fits)
  } catch (error) {
    // Who stopped waiting says nothing of the server.
    if (!isOidcError(error, 'aborted')) entry.failed = now
    // The server is down: a key that was known is good for a while longer.
    if (known.length && now - old!.at < 600) return known
    throw error
  }
}

/** What a store gives back is judged like an answer: an object with keys, not from the future, at most an hour old. */
const isSet = (value: unknown, now: number): value is KeySet =>
  isObject(value) &&
  Number.isFinite(value.at) &&
  (value.at as number) <= now &&
  now - (value.at as number) < 3600 &&
  Array.isArray(value.keys) &&
  value.keys.every(isObject)

import type { JsonStore } from '@genauth-oidc/core/types'
import { createStorage, type Driver } from 'unstorage'
import cloudflareKv, { type KVOptions } from 'unstorage/drivers/cloudflare-kv-binding'
import redis from 'unstorage/drivers/redis'

/** The provider's keys in Redis: one server fetches them for all. Make it once, and hand it to each check as `jwks`. */
export const keysInRedis = (url: string): JsonStore =>
  // Without Redis a check goes on with the keys of its own process: it should not wait long to find out.
  keysIn(redis({ url, connectTimeout: 1000, commandTimeout: 1000, maxRetriesPerRequest: 1 }))

/** The provider's keys in a KV namespace of Cloudflare Workers, for all isolates: its binding, or the binding's name. */
export const keysInKv = (binding: KVOptions['binding']): JsonStore => keysIn(cloudflareKv({ binding }))

function keysIn(driver: Driver): JsonStore {
  const storage = createStorage({ driver })
  return {
    // unstorage drops what stands behind a question mark, and addresses of keys may differ just there.
    get: (name) => storage.getItem(encodeURIComponent(name)),
    set: (name, keys) => storage.setItem(encodeURIComponent(name), keys as object, { ttl: 3600 }),
  }
}

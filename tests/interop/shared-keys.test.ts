/** The provider's keys in a store that several processes share: each looks there before it asks the provider. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator } from '@genauth-oidc/emulator/types'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { keysInKv } from '../../examples/shared-keys.js'
import { configOf, tokensOf } from './internal/flows.js'
import { prepareWorkers, type Worker } from './processes/startWorker.js'
import { findRedis } from './redis/find.mjs'
import { startRedis, type RedisServer } from './redis/startRedis.js'

let emulator: Emulator
let fetches = 0

beforeEach(async () => {
  emulator = await startEmulator({ onRequest: ({ path }) => void (fetches += +path.endsWith('/jwks.json')) })
  fetches = 0
  return () => emulator.stop()
})
/** An access token, signed with the newest key. */
const token = async () => (await tokensOf(configOf(emulator.apps[0]))).access_token

const program = findRedis()

describe.skipIf(!program)('two processes with one Redis [R32]', () => {
  let workers: Awaited<ReturnType<typeof prepareWorkers>>
  let redis: RedisServer
  let one: Worker
  let other: Worker
  beforeAll(async () => {
    workers = await prepareWorkers()
  })
  afterAll(() => workers.stop())
  beforeEach(async () => {
    redis = await startRedis()
    one = workers.start()
    other = workers.start()
  })
  afterEach(async () => {
    await redis.stop()
    await one.stop()
    await other.stop()
  })
  const check = async (worker: Worker, token: string) =>
    worker.run('verify', { config: emulator.config, url: redis.url, token })

  it('fetch the keys once', async () => {
    const [first, second] = [await token(), await token()]
    expect(await check(one, first)).toMatch(/\w/)
    expect(fetches).toBe(1)
    for (const held of [first, second]) expect(await check(other, held)).toMatch(/\w/)
    expect(await check(one, second)).toMatch(/\w/)
    expect(fetches).toBe(1)
  })

  it('both see a key that was rotated, after one more fetch', async () => {
    const old = await token()
    await check(one, old)
    await check(other, old)
    emulator.rotateKeys()
    const young = await token()
    expect(await check(one, young)).toMatch(/\w/)
    expect(await check(other, young)).toMatch(/\w/)
    expect(await check(one, old)).toMatch(/\w/)
    expect(fetches).toBe(2)
  })

  it('do without Redis when it is down: each then goes by the keys that it saw last', async () => {
    const held = await token()
    await check(one, held)
    await check(other, held)
    expect(fetches).toBe(1)
    await redis.stop()
    expect(await check(one, held)).toMatch(/\w/)
    expect(fetches).toBe(1)
    expect(await check(other, held)).toMatch(/\w/)
    expect(fetches).toBe(1)
  })
})

/** A KV namespace as it looks from two places: what one writes the other may read late, and text is all it takes. */
const namespace = () => {
  const written = new Map<string, string>()
  let late: Map<string, string> | undefined
  let down = false
  const at = (texts: () => Map<string, string>) => ({
    get: async (name: string) => {
      if (down) throw new Error('down')
      return texts().get(name) ?? null
    },
    put: async (name: string, text: string, { expirationTtl = 60 } = {}) => {
      if (down) throw new Error('down')
      if (typeof text !== 'string' || expirationTtl < 60 || Buffer.byteLength(name) > 512)
        throw new TypeError('refused')
      written.set(name, text)
    },
    delete: async (name: string) => void written.delete(name),
    list: async () => ({ keys: [...texts().keys()].map((name) => ({ name })), list_complete: true }),
  })
  return {
    here: at(() => written),
    there: at(() => late ?? written),
    names: () => [...written.keys()],
    freeze: () => (late = new Map(written)),
    fail: () => (down = true),
  }
}
type Binding = Parameters<typeof keysInKv>[0]

describe('two isolates with one KV namespace [R32]', () => {
  const isolates = () => {
    const kv = namespace()
    // A store of its own gives each an own memory.
    const isolate = (binding: object) => {
      const jwks = keysInKv(binding as Binding)
      return async (token: string) => (await verifyAccessToken(defineConfig(emulator.config), token, {}, { jwks })).sub
    }
    return { kv, one: isolate(kv.here), other: isolate(kv.there) }
  }

  it('fetch the keys once', async () => {
    const { one, other } = isolates()
    const held = await token()
    for (const check of [one, other, one]) expect(await check(held)).toMatch(/\w/)
    expect(fetches).toBe(1)
  })

  it('both see a key that was rotated, even where the namespace still shows what was before', async () => {
    const { kv, one, other } = isolates()
    await one(await token())
    kv.freeze()
    emulator.rotateKeys()
    const young = await token()
    expect(await one(young)).toMatch(/\w/)
    expect(await other(young)).toMatch(/\w/)
    expect(fetches).toBe(3)
  })

  it('do without it when it is down', async () => {
    const { kv, one, other } = isolates()
    const held = await token()
    await one(held)
    kv.fail()
    expect(await one(held)).toMatch(/\w/)
    expect(fetches).toBe(1)
    expect(await other(held)).toMatch(/\w/)
    expect(fetches).toBe(2)
  })

  it('keep the keys of two addresses apart that differ behind the question mark only', async () => {
    const { kv } = isolates()
    const jwks = keysInKv(kv.here as Binding)
    await jwks.set('https://a.example/jwks?tenant=1', { keys: [1] })
    await jwks.set('https://a.example/jwks?tenant=2', { keys: [2] })
    expect(kv.names()).toHaveLength(2)
    expect(await jwks.get('https://a.example/jwks?tenant=1')).toEqual({ keys: [1] })
  })
})

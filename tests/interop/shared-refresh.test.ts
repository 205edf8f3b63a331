/** Refreshes of one login by several processes at once, at a provider that rotates: an old token burns the whole family. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator, EmulatorConfig } from '@genauth-oidc/emulator/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { refreshLogin, type RefreshableLogin, type RefreshedLogin } from '@genauth-oidc/login/refreshLogin'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { Redis } from 'ioredis'
import { freshLogin } from '../../examples/shared-login.js'
import { prepareWorkers, type Worker } from './processes/startWorker.js'
import { findRedis } from './redis/find.mjs'
import { startRedis, type RedisServer } from './redis/startRedis.js'

let emulator: Emulator
let config: OidcConfig
/** The same as plain data, which a process can be sent. */
let plain: EmulatorConfig
let workers: Awaited<ReturnType<typeof prepareWorkers>>
let one: Worker
let other: Worker
let refreshes = 0

beforeAll(async () => {
  emulator = await startEmulator({
    rotate: true,
    onRequest: ({ method, path }) => void (refreshes += +(method === 'POST' && path === '/oidc/token')),
  })
  plain = emulator.config
  config = defineConfig(plain)
  workers = await prepareWorkers()
  one = workers.start()
  other = workers.start()
})
afterAll(async () => {
  await workers.stop()
  await emulator.stop()
})

/** A login whose access token is over, so that its first reader has to refresh it. */
const dueLogin = async (user: string): Promise<RefreshableLogin> => {
  const { url, transaction } = await beginLogin(config, { scope: 'openid offline_access' })
  const { tokens, claims } = await completeLogin(config, (await signIn(url, { user })).url, transaction)
  refreshes = 0
  return { tokens: { ...tokens, expires_at: 0 }, claims: { ...claims } }
}
const tokensOf = (logins: readonly RefreshedLogin[]) => new Set(logins.map(({ tokens }) => tokens.refresh_token))

describe('two processes with one store in the file system [R27]', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'genauth-oidc-logins-'))
    return () => rm(folder, { recursive: true, force: true })
  })
  const store = (login: RefreshableLogin) => writeFile(join(folder, 'login.json'), JSON.stringify(login))
  const stored = async () => JSON.parse(await readFile(join(folder, 'login.json'), 'utf8')) as RefreshedLogin

  it('are two processes beside this one', () => {
    expect(new Set([process.pid, one.pid, other.pid]).size).toBe(3)
  })

  it('make one request with a lock, for 25 callers in each, and the family lives on', async () => {
    const login = await dueLogin('alice')
    await store(login)
    const input = { config: plain, folder, times: 25, lock: true }
    const results = await Promise.all([one.run('refreshInFolder', input), other.run('refreshInFolder', input)])
    expect(refreshes).toBe(1)
    expect(results.map(({ length }) => length)).toEqual([25, 25])
    const [next, ...more] = tokensOf(results.flat())
    expect(more).toEqual([])
    expect(next).not.toBe(login.tokens.refresh_token)
    expect((await stored()).tokens.refresh_token).toBe(next)
    const after = await refreshLogin(config, await stored())
    await expect(getUserInfoByAccessToken(config, after.tokens.access_token)).resolves.toMatchObject({
      sub: login.claims.sub,
    })
  })

  it('let the loser take the newer stored tokens without a lock; the family is burnt by then', async () => {
    await store(await dueLogin('bob'))
    const input = { config: plain, folder, times: 1, lock: false }
    const late = other.run('refreshInFolder', { ...input, hold: true })
    await other.sending()
    const [won] = await one.run('refreshInFolder', input)
    expect(refreshes).toBe(1)
    other.release()
    const [lost] = await late
    expect(refreshes).toBe(2)
    expect(lost?.tokens).toEqual(won?.tokens)
    expect((await stored()).tokens.refresh_token).toBe(won?.tokens.refresh_token)
    // What a lock is for: the provider took the second request for a thief's.
    await expect(refreshLogin(config, await stored())).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})

const program = findRedis()

describe.skipIf(!program)('two processes with one Redis [R27]', () => {
  const session = 'a-session'
  let server: RedisServer
  let redis: Redis
  beforeAll(async () => {
    server = await startRedis()
    redis = new Redis(server.url)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })
  const store = (login: RefreshableLogin) => redis.set(`login:${session}`, JSON.stringify(login), 'EX', 1000)
  const stored = async () => JSON.parse((await redis.get(`login:${session}`))!) as RefreshedLogin
  const locks = () => redis.keys('genauth-oidc:refresh:*')

  it('make one request, for 25 callers in each, and leave no lock behind', async () => {
    const login = await dueLogin('carol')
    await store(login)
    const input = { config: plain, url: server.url, session, times: 25 }
    const results = await Promise.all([one.run('refreshInRedis', input), other.run('refreshInRedis', input)])
    expect(refreshes).toBe(1)
    const [next, ...more] = tokensOf(results.flat())
    expect(more).toEqual([])
    expect((await stored()).tokens.refresh_token).toBe(next)
    expect(next).not.toBe(login.tokens.refresh_token)
    expect(await redis.ttl(`login:${session}`)).toBeGreaterThan(900)
    expect(await locks()).toEqual([])
    await expect(refreshLogin(config, await stored())).resolves.toMatchObject({ claims: { sub: login.claims.sub } })
  })

  it('wait for whoever holds the lock, which shows no token and ends by itself', async () => {
    const login = await dueLogin('dave')
    await store(login)
    let names: string[] = []
    let left = 0
    const down = async () => {
      names = await locks()
      left = await redis.pttl(names[0] ?? '')
      throw new TypeError('down')
    }
    await expect(freshLogin({ ...config, fetch: down }, redis, session)).rejects.toMatchObject({ code: 'network' })
    expect(names).toHaveLength(1)
    expect(names.join()).not.toContain(login.tokens.refresh_token)
    // Longer than a request may take, should its holder die.
    expect(left).toBeGreaterThan(10_000)
    expect(await locks()).toEqual([])

    await redis.set(names[0] ?? '', 'of another process', 'PX', 300)
    const started = performance.now()
    await freshLogin(config, redis, session)
    expect(performance.now() - started).toBeGreaterThan(250)
    expect(refreshes).toBe(1)
  })

  it('leave a lock alone that another holds by now', async () => {
    await store(await dueLogin('erin'))
    let name = ''
    const slow = async (...call: Parameters<typeof fetch>) => {
      ;[name = ''] = await locks()
      await redis.set(name, 'of another process', 'PX', 1000)
      return fetch(...call)
    }
    await freshLogin({ ...config, fetch: slow }, redis, session)
    expect(name).toMatch(/^genauth-oidc:refresh:/)
    expect(await redis.get(name)).toBe('of another process')
  })
})

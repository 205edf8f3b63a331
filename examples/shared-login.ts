import { setTimeout as wait } from 'node:timers/promises'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { refreshLogin, type RefreshableLogin } from '@genauth-oidc/login/refreshLogin'
import type { Redis } from 'ioredis'

/** The login of a session that all servers share in Redis, with fresh tokens: one of them refreshes for all. */
export const freshLogin = (config: OidcConfig, redis: Redis, session: string) =>
  refreshLogin(config, async () => JSON.parse((await redis.get(`login:${session}`)) ?? 'null') as RefreshableLogin, {
    save: (next) => redis.set(`login:${session}`, JSON.stringify(next), 'KEEPTTL'),
    lock: (name, run) => locked(redis, name, run),
  })

async function locked<T>(redis: Redis, name: string, run: () => Promise<T>): Promise<T> {
  const mine = crypto.randomUUID()
  // Should its holder die, the lock ends by itself, later than a refresh can.
  while ((await redis.set(name, mine, 'PX', 30_000, 'NX')) === null) await wait(50)
  try {
    return await run()
  } finally {
    // Only one's own lock: by now it may be another's. If that fails, it ends by itself, too.
    const unlock = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"
    await redis.eval(unlock, 1, name, mine).catch(() => undefined)
  }
}

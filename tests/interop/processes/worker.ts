/** What one server of an application does, in a process of its own: it runs what its parent asks for. */
import { setTimeout as wait } from 'node:timers/promises'
import { mkdir, readFile, rename, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { refreshLogin, type RefreshableLogin, type RefreshOptions } from '@genauth-oidc/login/refreshLogin'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { Redis } from 'ioredis'
import { keysInRedis } from '../../../examples/shared-keys.js'
import { freshLogin } from '../../../examples/shared-login.js'
import type { Tasks } from './startWorker.js'

/** A login in a file that all processes see. */
const fileStore = (folder: string) => {
  const file = join(folder, 'login.json')
  return {
    read: async () => JSON.parse(await readFile(file, 'utf8')) as RefreshableLogin,
    save: async (next: unknown) => {
      const draft = `${file}.${process.pid}`
      await writeFile(draft, JSON.stringify(next))
      await rename(draft, file)
    },
  }
}

/** A lock in the file system: of all who make the same folder, one succeeds. */
const fileLock =
  (folder: string): NonNullable<RefreshOptions['lock']> =>
  async (name, run) => {
    const path = join(folder, encodeURIComponent(name))
    for (;;) {
      try {
        await mkdir(path)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        await wait(5)
      }
    }
    try {
      return await run()
    } finally {
      await rmdir(path)
    }
  }

/** A fetch that stops before it sends, until the parent says that it may. */
const held = (config: OidcConfig): OidcConfig => ({
  ...config,
  fetch: async (url, init) => {
    process.send?.({ sending: true })
    await new Promise((resolve) => process.once('message', resolve))
    return fetch(url, init)
  },
})

const many = <T>(times: number, run: () => Promise<T>) => Promise.all(Array.from({ length: times }, run))
const redisAt = (url: string) => new Redis(url, { maxRetriesPerRequest: 1 })
let keys: ReturnType<typeof keysInRedis> | undefined

const tasks: Tasks = {
  async refreshInFolder({ config, folder, times, lock, hold }) {
    const { read, save } = fileStore(folder)
    const own = hold ? held(config) : config
    return many(times, () => refreshLogin(own, read, { save, ...(lock && { lock: fileLock(folder) }) }))
  },
  async refreshInRedis({ config, url, session, times }) {
    const redis = redisAt(url)
    try {
      return await many(times, () => freshLogin(config, redis, session))
    } finally {
      redis.disconnect()
    }
  },
  async verify({ config, url, token }) {
    keys ??= keysInRedis(url)
    const { sub } = await verifyAccessToken(config, token, {}, { jwks: keys })
    return sub
  },
}

process.on('message', (message: { readonly task?: keyof Tasks; readonly input: never }) => {
  if (!message.task) return
  tasks[message.task](message.input).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ error: { ...(error as object), text: String(error) } }),
  )
})
process.once('disconnect', () => process.exit())

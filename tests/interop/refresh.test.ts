/** Refreshes that meet at a real provider that rotates: whoever sends an old refresh token burns the whole family. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator } from '@genauth-oidc/emulator/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { refreshLogin, type RefreshableLogin } from '@genauth-oidc/login/refreshLogin'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'

let emulator: Emulator
let config: OidcConfig
let requests: string[] = []

beforeAll(async () => {
  emulator = await startEmulator({ rotate: true, onRequest: ({ method, path }) => requests.push(`${method} ${path}`) })
  config = defineConfig(emulator.config)
})
afterAll(() => emulator.stop())

const sign = async (user: string) => {
  const { url, transaction } = await beginLogin(config, { scope: 'openid offline_access' })
  const login = await completeLogin(config, (await signIn(url, { user })).url, transaction)
  requests = []
  return login
}
beforeEach(() => {
  requests = []
})
const asked = () => requests.filter((request) => request === 'POST /oidc/token').length

/** What all processes of an application share. */
const shared = (login: RefreshableLogin) => {
  const texts = new Map([['login', JSON.stringify(login)]])
  return {
    read: async () => JSON.parse(texts.get('login') ?? '') as RefreshableLogin,
    save: async (next: unknown) => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      texts.set('login', JSON.stringify(next))
    },
  }
}

/** A lock in a shared store, as Redis has: set when nobody has it, tried again until then. */
const storeLock = () => {
  const held = new Set<string>()
  return async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    while (held.has(name)) await new Promise((resolve) => setTimeout(resolve, 1))
    held.add(name)
    try {
      return await run()
    } finally {
      held.delete(name)
    }
  }
}

/** As another process would be: the same modules, loaded again with a memory of their own. */
const process = async () => {
  vi.resetModules()
  return (await import('@genauth-oidc/login/refreshLogin')).refreshLogin
}
/** What is stored is due. */
const due = { freshFor: 1e9 }

describe('refreshes at a provider that rotates [R26] [R27]', () => {
  it('50 at once make one request, and the family lives on', async () => {
    const login = await sign('alice')
    const all = await Promise.all(Array.from({ length: 50 }, () => refreshLogin(config, { ...login })))
    expect(asked()).toBe(1)
    const [next] = all
    expect(new Set(all.map(({ tokens }) => tokens.refresh_token)).size).toBe(1)
    expect(next?.tokens.refresh_token).not.toBe(login.tokens.refresh_token)
    expect(next?.claims.sub).toBe(login.claims.sub)
    const after = await refreshLogin(config, next!)
    await expect(getUserInfoByAccessToken(config, after.tokens.access_token)).resolves.toMatchObject({
      sub: login.claims.sub,
    })
  })

  it('two copies of the modules with a lock and a shared store make one request', async () => {
    const { read, save } = shared(await sign('bob'))
    const lock = storeLock()
    const before = await read()
    const processes = [await process(), await process()]
    const stored = async () => {
      const login = await read()
      // Fresh only when it is a new one.
      return login.tokens.refresh_token === before.tokens.refresh_token
        ? { ...login, tokens: { ...login.tokens, expires_at: 0 } }
        : login
    }
    const results = await Promise.all(
      processes.flatMap((refresh) => [1, 2, 3].map(() => refresh(config, stored, { save, lock }))),
    )
    expect(asked()).toBe(1)
    expect(new Set(results.map(({ tokens }) => tokens.refresh_token)).size).toBe(1)
    expect((await read()).tokens.refresh_token).toBe(results[0]?.tokens.refresh_token)
  })

  it('without a lock the loser takes the newer tokens from the store: nobody is signed out', async () => {
    const { read, save } = shared(await sign('carol'))
    const stale = await read()
    const [one, other] = [await process(), await process()]
    const won = await one(config, read, { save, ...due })
    let reads = 0
    const slow = async () => (++reads <= 2 ? stale : read())
    const lost = await other(config, slow, { save, ...due })
    expect(asked()).toBe(2)
    expect(lost.tokens.refresh_token).toBe(won.tokens.refresh_token)
  })

  it('an old token burns the family: the error says that it is dead', async () => {
    const login = await sign('dave')
    const next = await refreshLogin(config, login)
    await expect(refreshLogin(config, login)).rejects.toMatchObject({ code: 'endpoint_error', error: 'invalid_grant' })
    await expect(refreshLogin(config, next)).rejects.toMatchObject({ code: 'endpoint_error', error: 'invalid_grant' })
  })

  it('an abort of one waiter leaves the others their result', async () => {
    const login = await sign('erin')
    const controller = new AbortController()
    const left = refreshLogin(config, login, { signal: controller.signal })
    const stayed = refreshLogin(config, login)
    setTimeout(() => controller.abort(new Error('gone')), 0)
    await expect(left).rejects.toMatchObject({ code: 'aborted' })
    const { tokens } = await stayed
    expect(asked()).toBe(1)
    await expect(getUserInfoByAccessToken(config, tokens.access_token)).resolves.toMatchObject({
      sub: login.claims.sub,
    })
  })

  it('of many users at once are kept apart', async () => {
    const logins = await Promise.all(['u1', 'u2', 'u3', 'u4'].map((user) => sign(user)))
    requests = []
    const next = await Promise.all(
      logins.flatMap((login) => [refreshLogin(config, login), refreshLogin(config, login)]),
    )
    expect(asked()).toBe(4)
    next.forEach(({ claims }, index) => expect(claims.sub).toBe(logins[Math.floor(index / 2)]?.claims.sub))
  })
})

describe('a provider that does not rotate', () => {
  it('leaves the old refresh token good, and it is kept', async () => {
    const steady = await startEmulator({ rotate: false })
    const own = defineConfig(steady.config)
    const { url, transaction } = await beginLogin(own, { scope: 'openid offline_access' })
    const login = await completeLogin(own, (await signIn(url)).url, transaction)
    const next = await refreshLogin(own, login)
    expect(next.tokens.refresh_token).toBe(login.tokens.refresh_token)
    await expect(refreshLogin(own, next)).resolves.toMatchObject({ claims: { sub: login.claims.sub } })
    await steady.stop()
  })
})

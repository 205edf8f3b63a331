import type { Engine } from './engine.js'
import { replay, type Exchange } from './http.js'

/** Ends the browser's sessions with these providers. Tokens that hang on a session end with it. */
export async function endSessions(exchange: Exchange, engines: readonly Engine[]): Promise<void> {
  for (const engine of engines) {
    const ctx = engine.createContext(replay(exchange, ''), exchange.res)
    const session = await engine.Session.get(ctx)
    if (session.new) continue
    await session.destroy()
    ctx.cookies.set(engine.cookieName('session'), null)
  }
}

/** Where a logout link may send the browser: anywhere but to an address that runs or reads what it names. */
export function logoutTarget(target: string | null): string | undefined {
  if (!target) return undefined
  try {
    const { protocol } = new URL(target)
    return /^(javascript|data|blob|file|vbscript|about):$/.test(protocol) ? undefined : target
  } catch {
    return undefined
  }
}

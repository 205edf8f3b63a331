import type { OidcConfig } from '@genauth-oidc/core'
import * as auth from '@genauth-oidc/login'

/** A site behind sign-in, as one fetch handler: no server state, one key for its cookies. */
export const site = (config: OidcConfig & { redirectUri: string }, key: string) => {
  const { redirectUri } = config

  return async function handle(request: Request): Promise<Response> {
    const { pathname, search, searchParams } = new URL(request.url)
    const cookies = request.headers.get('cookie') ?? ''
    if (pathname === '/login') {
      const [appState = '/'] = /^\/(?!\/|.*["\\])[ -~]{0,1499}$/.exec(searchParams.get('to') ?? '') ?? [] // here, and short
      const { url, transaction } = await auth.beginLogin(config, { appState })
      const { set } = await auth.transactionCookie(transaction, await auth.sealTransaction(transaction, key))
      return reply(302, '', ['location', url.href], ['set-cookie', set])
    }
    if (pathname === '/callback') {
      const { clear } = await auth.transactionCookie({ state: searchParams.get('state') || 'none', redirectUri })
      const kept = auth.transactionFromCookie(cookies, redirectUri, key)
      const login = await auth.completeLogin(config, request, kept).catch(console.error)
      if (!login) return reply(400, 'You could not be signed in. Please try again.', ['set-cookie', clear])
      const sealed = await auth.seal(login.claims.sub, { key, purpose: 'session', expiresIn: 3600 })
      const session = `__Host-session=${sealed}; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax`
      return reply(302, '', ['location', login.appState ?? '/'], ['set-cookie', clear], ['set-cookie', session])
    }
    const [, session = ''] = /(?:^|; )__Host-session=([^;]+)/.exec(cookies) ?? []
    const user = await auth.open(session, { key, purpose: 'session' }).catch(() => undefined)
    if (typeof user === 'string') return reply(200, `Hello ${user}`)
    return reply(302, '', ['location', `/login?to=${encodeURIComponent(pathname + search)}`])
  }
}

const reply = (status: number, body: string, ...headers: [string, string][]) =>
  new Response(body, { status, headers: [['cache-control', 'no-store'], ...headers] })

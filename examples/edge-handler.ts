import type { OidcConfig } from '@genauth-oidc/core/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { open } from '@genauth-oidc/login/open'
import { seal } from '@genauth-oidc/login/seal'
import { sealTransaction } from '@genauth-oidc/login/sealTransaction'
import { transactionCookie } from '@genauth-oidc/login/transactionCookie'
import { transactionFromCookie } from '@genauth-oidc/login/transactionFromCookie'

/** A site behind sign-in, as one fetch handler: no server state, one key for its cookies. */
export const site = (config: OidcConfig & { redirectUri: string }, key: string) => async (request: Request) => {
  const { pathname, searchParams } = new URL(request.url)
  const cookies = request.headers.get('cookie') ?? ''

  if (pathname === '/login') {
    const to = searchParams.get('to') ?? ''
    const appState = /^\/(?![/\\])[\x20-\x7e]*$/.test(to) ? to : '/' // a path of ours, never another site
    const { url, transaction } = await beginLogin(config, { appState })
    const { set } = await transactionCookie(transaction, await sealTransaction(transaction, key))
    return redirect(url.href, set)
  }
  if (pathname === '/callback') {
    const { claims, appState } = await completeLogin(
      config,
      request,
      transactionFromCookie(cookies, config.redirectUri, key),
    )
    const session = await seal({ sub: claims.sub }, { key, purpose: 'session', expiresIn: 3600 })
    const { clear } = await transactionCookie({ state: searchParams.get('state')!, redirectUri: config.redirectUri })
    return redirect(appState!, clear, `session=${session}; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax`)
  }
  const cookie = /(?:^|; )session=([^;]+)/.exec(cookies)?.[1] ?? ''
  const user = (await open(cookie, { key, purpose: 'session' }).catch(() => undefined)) as { sub: string } | undefined
  return user ? new Response(`Hello ${user.sub}`) : redirect(`/login?to=${encodeURIComponent(pathname)}`)
}

function redirect(location: string, ...cookies: string[]): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 302, headers })
}

import type { OidcConfig } from '@genauth-oidc/core/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import type { Login, LoginTransaction } from '@genauth-oidc/login/types'

// The application's ID tokens are signed with RS256: a page can keep no secret for HS256.
const slot = 'sign-in'

/** Leaves for the sign-in page; the transaction waits in this tab. */
export async function signIn(config: OidcConfig, returnTo: string): Promise<void> {
  const { url, transaction } = await beginLogin(config, { scope: 'openid profile', appState: returnTo })
  sessionStorage.setItem(slot, JSON.stringify(transaction))
  location.assign(url.href)
}

/** Completes the sign-in on the callback page, and takes the code out of the address. */
export async function callback(config: OidcConfig): Promise<Login<'code'>> {
  const login = await completeLogin(config, location.href, () => {
    const kept = sessionStorage.getItem(slot)
    sessionStorage.removeItem(slot)
    return kept === null ? undefined : (JSON.parse(kept) as LoginTransaction<'code'>)
  })
  history.replaceState(null, '', login.appState)
  return login
}

import { browseLogout } from '../browse.js'
import type { Flow } from '../types.js'
import { Unsupported } from '../unsupported.js'

const state = 'the-state-of-this-logout'

/** A sign-in, and a logout that the application begins, up to the return of the browser. */
export const signOut: Flow = async (session, run, { browse, params }) => {
  const { logoutUrl, loggedOut } = session
  if (!logoutUrl || !loggedOut) throw new Unsupported('logout')
  const { url, complete } = await session.begin(params)
  const signedIn = await complete(await browse(url))
  const { next } = await browseLogout(logoutUrl(signedIn.idToken ?? '', run.client.postLogoutRedirectUri, state))
  await loggedOut(next, state)
  return signedIn
}

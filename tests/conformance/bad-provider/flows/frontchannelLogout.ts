import { browseLogout } from '../browse.js'
import type { Flow } from '../types.js'
import { Unsupported } from '../unsupported.js'

/** A logout of which the provider tells the application in a frame: the session that it names ends, and no other. */
export const frontchannelLogout: Flow = async (session, run, { browse, params }) => {
  const { logoutUrl, loggedOut, endpoints } = session
  if (!logoutUrl || !loggedOut || !endpoints) throw new Unsupported('front-channel logout')
  const { url, complete } = await session.begin(params)
  const signedIn = await complete(await browse(url))
  endpoints.signedIn(signedIn)
  const state = 'the-state-of-this-logout'
  const { frames, next } = await browseLogout(
    logoutUrl(signedIn.idToken ?? '', run.client.postLogoutRedirectUri, state),
  )
  const [frame = '', ...more] = frames
  if (more.length > 0) throw new Error('There is one frame')
  const foreign = (name: string) => {
    const changed = new URL(frame)
    changed.searchParams.set(name, `${changed.searchParams.get(name) ?? ''}1`)
    return changed.href
  }
  for (const [address, status, left] of [
    [foreign('iss'), 400, 1],
    [foreign('sid'), 400, 1],
    [frame, 200, 0],
  ] as const) {
    const answer = await endpoints.frontchannelLogout(new Request(address))
    if (
      answer.status !== status ||
      endpoints.sessions.size !== left ||
      answer.headers.get('cache-control') !== 'no-store'
    )
      throw new Error(`The answer to ${address} was ${answer.status}`)
  }
  await loggedOut(next, state)
  return signedIn
}

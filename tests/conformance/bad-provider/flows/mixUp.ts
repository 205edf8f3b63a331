import type { Flow } from '../types.js'

/**
 * The mix-up attack (RFC 9700 section 4.4): the sign-in was begun with an attacker, who sends the user on to an honest
 * provider with the same state; the honest one's callback must not be answered with a request to the attacker.
 */
export const mixUp: Flow = async (session, run, { browse, another, params }) => {
  const { url, complete } = await session.begin(params)
  const honest = another()
  const link = new URL(url.href.replace(run.issuer, honest.issuer))
  link.searchParams.set('client_id', honest.client.id)
  const callback = new URL((await browse(link)).url)
  callback.searchParams.set('iss', honest.issuer)
  return complete({ url: callback.href })
}

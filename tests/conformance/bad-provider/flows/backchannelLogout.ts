import { browseLogout } from '../browse.js'
import type { Flow } from '../types.js'
import { Unsupported } from '../unsupported.js'

/** A logout of which the provider tells the application from behind: the session ends, or the answer is 400. */
export const backchannelLogout: Flow = async (session, run, { browse, params }) => {
  const { logoutUrl, endpoints } = session
  if (!logoutUrl || !endpoints) throw new Unsupported('back-channel logout')
  const { url, complete } = await session.begin(params)
  const signedIn = await complete(await browse(url))
  endpoints.signedIn(signedIn)
  const answers: Response[] = []
  run.backchannel = async (request) => {
    const answer = await endpoints.backchannelLogout(request)
    answers.push(answer)
    return answer
  }
  await browseLogout(logoutUrl(signedIn.idToken ?? '', run.client.postLogoutRedirectUri, 'any'))
  const refused = endpoints.refusal()
  const [answer, ...more] = answers
  if (!answer || more.length > 0) throw new Error('The endpoint was not called once')
  if (answer.headers.get('cache-control') !== 'no-store') throw new Error('The answer could be stored')
  if (answer.status !== (refused ? 400 : 200)) throw new Error(`The answer was ${answer.status}`)
  if (endpoints.sessions.size !== (refused ? 1 : 0)) throw new Error('The session is not as the answer says')
  if (refused) throw refused as Error
  return signedIn
}

import type { Flow } from '../types.js'
import { Unsupported } from '../unsupported.js'
import { backchannelLogout } from './backchannelLogout.js'

/** A logout token that somebody has kept and sends again, after the user has signed in anew. */
export const replayedLogout: Flow = async (session, run, context) => {
  const { endpoints } = session
  if (!endpoints) throw new Unsupported('back-channel logout')
  let kept: Request | undefined
  const signedIn = await backchannelLogout(
    {
      ...session,
      endpoints: {
        ...endpoints,
        async backchannelLogout(request) {
          kept = request.clone()
          return endpoints.backchannelLogout(request)
        },
      },
    },
    run,
    context,
  )
  if (!kept || !signedIn) throw new Error('No logout token came')
  endpoints.signedIn(signedIn)
  const answer = await endpoints.backchannelLogout(kept)
  if (answer.status === 200 || endpoints.sessions.size === 0) return signedIn
  throw endpoints.refusal() as Error
}

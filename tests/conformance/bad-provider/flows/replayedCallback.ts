import type { Flow } from '../types.js'

/** A callback that is delivered twice, as by the back button: the first time is a sign-in. */
export const replayedCallback: Flow = async (session, _, { browse, params }) => {
  const { url, complete } = await session.begin(params)
  const callback = await browse(url)
  await complete(callback)
  return complete(callback)
}

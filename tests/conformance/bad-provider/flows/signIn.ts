import type { Flow } from '../types.js'

/** One sign-in. */
export const signIn: Flow = async (session, _, { browse, params }) => {
  const { url, complete } = await session.begin(params)
  return complete(await browse(url))
}

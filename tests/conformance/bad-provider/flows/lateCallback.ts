import type { Flow } from '../types.js'

/** A user who comes back after eleven minutes. */
export const lateCallback: Flow = async (session, _, { browse, params }) => {
  const { url, complete } = await session.begin(params)
  return complete(await browse(url), { now: Date.now() + 11 * 60_000 })
}

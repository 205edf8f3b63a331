import type { Flow } from '../types.js'

/** A callback that reaches another path of the same application. */
export const strayCallback: Flow = async (session, _, { browse, params }) => {
  const { url, complete } = await session.begin(params)
  const { url: address, ...callback } = await browse(url)
  return complete({ ...callback, url: address.replace('/callback', '/another/callback') })
}

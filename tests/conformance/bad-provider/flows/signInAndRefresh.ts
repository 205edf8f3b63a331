import type { Flow } from '../types.js'
import { Unsupported } from '../unsupported.js'

/** A sign-in whose tokens are refreshed. */
export const signInAndRefresh: Flow = async (session, _, { browse, params }) => {
  if (!session.refresh) throw new Unsupported('refresh')
  const { url, complete } = await session.begin({ scope: 'openid offline_access', prompt: 'consent', ...params })
  return session.refresh(await complete(await browse(url)), params)
}

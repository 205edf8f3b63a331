import type { Flow } from '../types.js'

/** A sign-in that is begun, and whose link nobody follows. */
export const beginAlone: Flow = async (session, _, { params }) => {
  await session.begin(params)
  return undefined
}

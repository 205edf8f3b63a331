import type { Flow } from '../types.js'
import { signIn } from './signIn.js'

/** A good sign-in, and then twenty that are refused: it rejects as the last one does. */
export const flood: Flow = async (session, run, context) => {
  await signIn(session, run, context)
  let refusals = 0
  for (let attempt = 0; attempt < 19; attempt++)
    await signIn(session, run, context).catch(() => {
      refusals++
    })
  if (refusals !== 19) return undefined
  return signIn(session, run, context)
}

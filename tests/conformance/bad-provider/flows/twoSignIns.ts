import type { Flow } from '../types.js'
import { signIn } from './signIn.js'

/** Two sign-ins, one after the other: the second one finds what the first one has cached. */
export const twoSignIns: Flow = async (session, run, context) => {
  await signIn(session, run, context)
  return signIn(session, run, context)
}

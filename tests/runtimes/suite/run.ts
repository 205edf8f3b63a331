import { callbackCases } from './callbackCases.js'
import { exchangeCases } from './exchangeCases.js'
import { loginCases } from './loginCases.js'
import { pkceCases } from './pkceCases.js'
import { requestCases } from './requestCases.js'
import { transportCases } from './transportCases.js'
import { urlCases } from './urlCases.js'
import { verifyCases } from './verifyCases.js'
import { openWorld } from './world.js'

/** What happened to one case. */
export interface Outcome {
  readonly name: string
  readonly error?: string
  /** Milliseconds. */
  readonly took: number
}

const LIMIT = 30_000

/**
 * Runs every case, one after the other, and reports each as it ends, so that a runtime which dies or hangs says where.
 *
 * @param control - the origin of the server in the Node parent
 * @param session - names this run in the reports
 */
export async function run(control: string, session: string): Promise<void> {
  const world = await openWorld(control)
  const groups = {
    PKCE: pkceCases(),
    links: urlCases(world),
    callbacks: callbackCases(world),
    'token endpoint': exchangeCases(world),
    signatures: verifyCases(world),
    login: loginCases(world),
    requests: requestCases(world),
    transport: transportCases(world),
  }
  for (const [group, cases] of Object.entries(groups)) {
    for (const [sentence, body] of Object.entries(cases)) {
      const started = Date.now()
      let timer: unknown
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`it took over ${LIMIT} ms`)), LIMIT)
      })
      let error: string | undefined
      try {
        await Promise.race([body(), late])
      } catch (reason) {
        // JavaScriptCore and SpiderMonkey leave the message out of the stack.
        error = reason instanceof Error ? `${reason.name}: ${reason.message}\n${reason.stack}` : String(reason)
      }
      clearTimeout(timer as number)
      const outcome: Outcome = {
        name: `${group}: ${sentence}`,
        took: Date.now() - started,
        ...(error !== undefined && { error }),
      }
      await world.post(`/case/${session}`, outcome)
    }
  }
  await world.post(`/end/${session}`, {})
}

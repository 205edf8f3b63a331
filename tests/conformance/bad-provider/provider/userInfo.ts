import type { IncomingHttpHeaders } from 'node:http'
import type { Answer, Run } from '../types.js'
import { demandOf, json } from './answers.js'

/** The user info endpoint: the token comes in the header, and nowhere else. */
export async function userInfo(
  run: Run,
  method: string,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
): Promise<Answer> {
  const demand = demandOf(run, 'userinfo')
  demand(method === 'GET', 'it is asked by GET')
  demand(!query.has('access_token'), 'no token comes in a query')
  const [, token] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? []
  demand(token !== undefined && run.accessTokens.has(token), 'the token comes in the header, and is one that was given')
  if (run.violations.length > 0) return json({ error: 'invalid_token' }, 401)
  const { sub, email } = run.user
  const answer = json({ sub, email, name: 'Alice Example' })
  return (await run.behaviour.userInfo?.(answer, run)) ?? answer
}

import type { IncomingHttpHeaders } from 'node:http'
import type { Answer, Run } from '../types.js'
import { demandOf, json } from './answers.js'
import { demandProof } from './fapi.js'
import { signJwt } from './signJwt.js'

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
  const { fapi } = run.variant
  const [, token = ''] = (fapi ? /^DPoP (\S+)$/i : /^Bearer (\S+)$/).exec(headers.authorization ?? '') ?? []
  demand(run.accessTokens.has(token), 'the token comes in the header, and is one that was given')
  if (fapi) {
    const { thumbprint, nonce } = await demandProof(run, headers, method, `${run.issuer}/userinfo`, demand, token)
    if (nonce)
      return { ...nonce, status: 401, headers: { ...nonce.headers, 'www-authenticate': 'DPoP error="use_dpop_nonce"' } }
    demand(run.bound.get(token) === thumbprint, 'the proof is by the key that the token is bound to')
  }
  if (run.violations.length > 0) return json({ error: 'invalid_token' }, 401)
  const { sub, email } = run.user
  const claims = { sub, email, name: 'Alice Example' }
  const { issuer, client } = run
  const answer: Answer = client.signedUserInfo
    ? {
        status: 200,
        headers: { 'content-type': 'application/jwt' },
        body: await signJwt({ ...claims, iss: issuer, aud: client.id }, { run, place: 'userinfo' }),
      }
    : json(claims)
  return (await run.behaviour.userInfo?.(answer, run)) ?? answer
}

import type { IncomingHttpHeaders } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import type { Answer, Claims, Run } from '../types.js'
import { demandOf, json } from './answers.js'

/** The registration endpoint (RFC 7591 section 3): it knows one client, and what that has to ask for. */
export function register(run: Run, headers: IncomingHttpHeaders, body: string): Answer {
  const { client, variant } = run
  const demand = demandOf(run, 'registration')
  demand(client.dynamic === true, 'the client is not registered beforehand')
  demand(/^application\/json\b/.test(headers['content-type'] ?? ''), 'the body is JSON')
  const metadata = JSON.parse(body) as Claims
  for (const [name, wanted] of Object.entries({
    redirect_uris: [client.redirectUri],
    response_types: [variant.responseType],
    token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: variant.alg,
  }))
    demand(isDeepStrictEqual(metadata[name], wanted), `${name} is what the client will use`)
  if (run.violations.length > 0) return json({ error: 'invalid_client_metadata' }, 400)
  return json({ ...metadata, client_id: client.id, client_secret: client.secret, client_secret_expires_at: 0 }, 201)
}

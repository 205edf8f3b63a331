import { createHash, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Answer, Run } from '../types.js'
import { demandOf, isPlain, json } from './answers.js'
import { demandAssertion, demandProof } from './fapi.js'
import { issueIdToken } from './issueIdToken.js'

const formDecoded = (text: string) => new URLSearchParams(`_=${text}`).get('_') ?? ''

/** The token endpoint: a code or a refresh token is good once, for its own client, by the one registered method. */
export async function token(run: Run, headers: IncomingHttpHeaders, form: URLSearchParams): Promise<Answer> {
  const { behaviour, client } = run
  const given = (name: string) => form.get(name) ?? undefined
  const demand = demandOf(run, 'token')

  demand(isPlain(form), 'no parameter comes twice or empty')
  demand(/^application\/x-www-form-urlencoded\b/.test(headers['content-type'] ?? ''), 'the body is a form')
  let thumbprint: string | undefined
  if (run.variant.fapi) {
    demand(headers.authorization === undefined, 'there is one method of authentication')
    await demandAssertion(run, form, demand)
    const proof = await demandProof(run, headers, 'POST', `${run.issuer}/token`, demand)
    if (proof.nonce) return proof.nonce
    thumbprint = proof.thumbprint
  } else if (client.authMethod === 'tls_client_auth') {
    // The certificate is the connection's; here it would be no more than a mock.
    demand(given('client_id') === client.id, 'the id comes in the form')
    demand(!form.has('client_secret') && headers.authorization === undefined, 'there is one method of authentication')
  } else if (client.authMethod === 'client_secret_basic') {
    const [id, secret] = Buffer.from((headers.authorization ?? '').replace(/^Basic /i, ''), 'base64')
      .toString()
      .split(':')
      .map(formDecoded)
    demand(id === client.id && secret === client.secret, 'id and secret come in the header, form-encoded')
    demand(!form.has('client_secret'), 'there is one method of authentication')
  } else {
    demand(
      given('client_id') === client.id && given('client_secret') === client.secret,
      'id and secret come in the form',
    )
    demand(headers.authorization === undefined, 'there is one method of authentication')
  }

  const refresh = given('grant_type') === 'refresh_token'
  const code = given('code') ?? ''
  let grant = run.grants.get(code)
  if (refresh) {
    const scope = run.refreshTokens.get(given('refresh_token') ?? '')
    demand(scope !== undefined, 'the refresh token is good, and was not used before')
    const wanted = given('scope')?.split(' ') ?? []
    demand(
      wanted.every((one) => scope?.split(' ').includes(one)),
      'no wider scope is asked for',
    )
    run.refreshTokens.delete(given('refresh_token') ?? '')
    grant = { nonce: undefined, challenge: undefined, scope: scope ?? '', authTime: undefined, used: true }
  } else {
    demand(given('grant_type') === 'authorization_code', 'grant_type is one of the two')
    demand(grant !== undefined, 'the code is one that was given')
    demand(!grant?.used, 'the code was not used before')
    demand(given('redirect_uri') === client.redirectUri, 'redirect_uri is that of the link')
    const verifier = given('code_verifier') ?? ''
    demand(
      createHash('sha256').update(verifier).digest('base64url') === grant?.challenge,
      'code_verifier is that of the link',
    )
    if (grant) grant.used = true
  }
  if (run.violations.length > 0 || !grant) return json({ error: 'invalid_request' }, 400)

  const accessToken = randomBytes(16).toString('base64url')
  run.accessTokens.add(accessToken)
  if (thumbprint !== undefined) run.bound.set(accessToken, thumbprint)
  let refreshToken: string | undefined
  if (grant.scope.split(' ').includes('offline_access')) {
    refreshToken = randomBytes(16).toString('base64url')
    run.refreshTokens.set(refreshToken, grant.scope)
  }
  const issue = { run, place: refresh ? ('refresh' as const) : ('token' as const), code: refresh ? undefined : code }
  const { nonce, authTime, scope } = grant
  const answer = json({
    access_token: accessToken,
    token_type: thumbprint === undefined ? 'Bearer' : 'DPoP',
    expires_in: 300,
    scope,
    refresh_token: refreshToken,
    id_token: await issueIdToken({ ...issue, nonce, accessToken, authTime }),
  })
  return behaviour.tokenAnswer?.(answer, issue) ?? answer
}

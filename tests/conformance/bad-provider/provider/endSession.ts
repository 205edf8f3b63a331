import { randomUUID } from 'node:crypto'
import type { Answer, Run } from '../types.js'
import { demandOf, html, isPlain } from './answers.js'
import { signJwt } from './signJwt.js'

/**
 * The end-session endpoint: tells the client on the back channel and on the front channel, then sends the browser to the
 * registered address.
 */
export async function endSession(run: Run, params: URLSearchParams): Promise<Answer> {
  const { behaviour, client, issuer, user } = run
  const demand = demandOf(run, 'endSession')
  const state = params.get('state')
  demand(isPlain(params), 'no parameter comes twice or empty')
  demand(run.idTokens.has(params.get('id_token_hint') ?? ''), 'id_token_hint is one of its own ID tokens')
  demand(
    params.get('post_logout_redirect_uri') === client.postLogoutRedirectUri,
    'post_logout_redirect_uri is the registered one',
  )
  demand(state !== null, 'there is a state')
  if (run.violations.length > 0) return html(run.violations.join('\n'), 400)

  await run.backchannel?.(await logoutRequest(run))

  const back = new URLSearchParams({ state: state ?? '' })
  const query = (behaviour.afterLogout?.(back) ?? back).toString()
  const frame = new URLSearchParams({ iss: issuer, sid: user.sid })
  return html(
    `<iframe src="https://rp.example.com/frontchannel-logout?${frame.toString().replaceAll('&', '&amp;')}"></iframe>
    <a href="${client.postLogoutRedirectUri}${query && `?${query}`}">Go back</a>`,
  )
}

/** The request that brings the logout token. */
async function logoutRequest(run: Run): Promise<Request> {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: run.issuer,
    aud: run.client.id,
    iat: now,
    exp: now + 120,
    jti: randomUUID(),
    sub: run.user.sub,
    sid: run.user.sid,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  }
  const token = await signJwt(claims, { run, place: 'logout' }, 'logout+jwt')
  const request = new Request('https://rp.example.com/backchannel-logout', {
    method: 'POST',
    body: new URLSearchParams({ logout_token: token }),
  })
  return run.behaviour.logoutRequest?.(request, run) ?? request
}

import { randomBytes } from 'node:crypto'
import type { Answer, Run } from '../types.js'
import { demandOf, html, isPlain, redirect } from './answers.js'
import { pulled } from './fapi.js'
import { issueIdToken } from './issueIdToken.js'
import { signJwt } from './signJwt.js'

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** The authorization endpoint: it demands what a well-behaved provider may demand, and signs the one user in. */
export async function authorize(run: Run, link: URLSearchParams): Promise<Answer> {
  const { behaviour, variant, client } = run
  const { responseType, responseMode: mode, fapi } = variant
  const responseMode = fapi === 'signed' ? 'jwt' : mode
  const demand = demandOf(run, 'authorization')
  const params = fapi ? pulled(run, link, demand) : link
  const given = (name: string) => params.get(name) ?? undefined
  behaviour.beforeAuthorization?.(run)

  demand(isPlain(params), 'no parameter comes twice or empty')
  demand(given('client_id') === client.id, 'client_id is the registered one')
  demand(given('redirect_uri') === client.redirectUri, 'redirect_uri is the registered one')
  demand(given('response_type') === responseType, 'response_type is the registered one')
  demand(given('response_mode') === responseMode, 'response_mode is given where it is not the default')
  demand((given('scope') ?? '').split(' ').includes('openid'), 'scope has openid')
  demand(given('state') !== undefined, 'there is a state')
  demand(given('nonce') !== undefined, 'there is a nonce')
  demand(
    !responseType.includes('code') ||
      (/^[\w-]{43}$/.test(given('code_challenge') ?? '') && given('code_challenge_method') === 'S256'),
    'a code is asked for with a challenge by S256',
  )
  for (const secret of ['client_secret', 'code_verifier', 'access_token', 'refresh_token'])
    demand(!params.has(secret), `${secret} stays out of links`)
  behaviour.demands?.(params, demand)
  if (run.violations.length > 0) return html(run.violations.join('\n'), 400)

  const types = responseType.split(' ')
  const answer = new URLSearchParams()
  const maxAge = given('max_age')
  const grant = {
    nonce: given('nonce'),
    challenge: given('code_challenge'),
    scope: given('scope') ?? '',
    authTime: maxAge === undefined ? undefined : Math.floor(Date.now() / 1000),
    used: false,
  }
  let code: string | undefined
  let accessToken: string | undefined
  if (types.includes('code')) {
    code = randomBytes(16).toString('base64url')
    run.grants.set(code, grant)
    answer.set('code', code)
  }
  if (types.includes('token')) {
    accessToken = randomBytes(16).toString('base64url')
    run.accessTokens.add(accessToken)
    answer.set('access_token', accessToken)
    answer.set('token_type', 'Bearer')
    answer.set('expires_in', '300')
  }
  if (types.includes('id_token')) {
    const { nonce, authTime } = grant
    answer.set('id_token', await issueIdToken({ run, place: 'authorization', nonce, code, accessToken, authTime }))
  }
  answer.set('state', given('state') ?? '')
  if (fapi) answer.set('iss', run.issuer)

  const changed = behaviour.callback?.(answer, run) ?? answer
  const sent = fapi === 'signed' && !behaviour.unsignedAnswer ? await signed(run, changed) : changed
  const place = behaviour.place ?? mode ?? (responseType === 'code' ? 'query' : 'fragment')
  if (place !== 'form_post') return redirect(`${client.redirectUri}${place === 'query' ? '?' : '#'}${sent.toString()}`)
  const fields = [...sent].map(
    ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
  )
  return html(`<form method="post" action="${escape(client.redirectUri)}">${fields.join('')}</form>`)
}

/** The answer as one signed parameter (JARM section 2.3). */
async function signed(run: Run, answer: URLSearchParams): Promise<URLSearchParams> {
  const exp = Math.floor(Date.now() / 1000) + 300
  const claims = { ...Object.fromEntries(answer), iss: run.issuer, aud: run.client.id, exp }
  return new URLSearchParams({ response: await signJwt(claims, { run, place: 'response' }) })
}

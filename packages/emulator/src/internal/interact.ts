import type { Users } from './createUsers.js'
import type { Engine, EngineInteraction } from './engine.js'
import { formOf, replay, sendPage, type Exchange } from './http.js'
import { consentPage, errorPage, loginPage } from './pages.js'

/** What the person agrees to is what the request lacked; nothing is offered for choice. */
async function grant(engine: Engine, { grantId, params, prompt, session }: EngineInteraction): Promise<string> {
  const found = grantId === undefined ? undefined : await engine.Grant.find(grantId)
  const target = found ?? new engine.Grant({ accountId: session?.accountId, clientId: params['client_id'] })
  const details = prompt.details as {
    readonly missingOIDCScope?: readonly string[]
    readonly missingOIDCClaims?: readonly string[]
    readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>
    readonly rar?: readonly unknown[]
  }
  if (details.missingOIDCScope) target.addOIDCScope(details.missingOIDCScope.join(' '))
  if (details.missingOIDCClaims) target.addOIDCClaims(details.missingOIDCClaims)
  for (const [resource, scopes] of Object.entries(details.missingResourceScopes ?? {})) {
    target.addResourceScope(resource, scopes.join(' '))
  }
  for (const detail of details.rar ?? []) target.addRar(detail)
  return target.save()
}

/** The login and consent pages of one provider: shows them, and takes what they send. */
export async function interact(exchange: Exchange, engine: Engine, users: Users): Promise<unknown> {
  const { res, method, body } = exchange
  const req = replay(exchange, '')
  let interaction: EngineInteraction
  try {
    interaction = await engine.interactionDetails(req, res)
  } catch {
    // No cookie, a foreign one, or one that is too old: nothing here is worth more words than that.
    return sendPage(
      res,
      400,
      errorPage('invalid_request', 'This sign-in has expired or was not started here. Start again.'),
    )
  }
  const { prompt, params } = interaction
  const client = await engine.Client.find(params['client_id'] ?? '')
  const app = client?.clientName ?? params['client_id'] ?? ''
  const finish = (result: object, mergeWithLastSubmission: boolean): Promise<void> =>
    engine.interactionFinished(req, res, result, { mergeWithLastSubmission })

  const form = method === 'POST' ? (formOf(exchange) ?? new URLSearchParams(body)) : undefined
  if (form?.get('action') === 'cancel') {
    return finish({ error: 'access_denied', error_description: 'End-User aborted interaction' }, false)
  }
  if (prompt.name === 'consent') {
    if (!form)
      return sendPage(
        res,
        200,
        consentPage(app, (params['scope'] ?? '').split(' ').filter(Boolean), params['authorization_details']),
      )
    return finish({ consent: { grantId: await grant(engine, interaction) } }, true)
  }
  if (!form) return sendPage(res, 200, loginPage(app, params['login_hint']))
  const name = (form.get('user') ?? '').trim()
  if (name === '') return sendPage(res, 400, loginPage(app, params['login_hint'], 'Type a user name: any will do.'))
  const chosen = prompt.name === 'select_account' ? { select_account: {} } : {}
  return finish({ ...chosen, login: { accountId: users.signIn(name).sub } }, false)
}

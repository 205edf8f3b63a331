import { argumentError } from '@genauth-oidc/core/argumentError'
import { equal } from '@genauth-oidc/core/equal'
import { isObject } from '@genauth-oidc/core/isObject'
import { readText } from '@genauth-oidc/core/readText'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { OidcConfig, RequestLike } from '@genauth-oidc/core/types'
import { refuser } from '@genauth-oidc/verify/refuser'

/** What was given to the provider when the sign-in was begun. */
export interface ExpectedPing {
  readonly clientNotificationToken: string
}

/**
 * Reads the provider's call that a back-channel sign-in is decided. It holds no tokens: fetch them with
 * `pollBackchannelToken`.
 *
 * @param config - an oidc config
 * @param request - the POST to the application's notification address
 * @param expected - the token that was given to the provider for this
 * @returns which sign-in it is; answer 204, then look up what was kept for it
 * @throws OidcError `token_invalid` with check `missing` or `signature` (another token): answer 401; with `format`: 400;
 *   `argument_invalid`, `config_invalid`
 * @see CIBA section 10.2
 *
 * @example
 * ```ts
 * import { readBackchannelPing } from '@genauth-oidc/fapi/readBackchannelPing'
 *
 * const config = { appId: 'an-app-id', issuer: 'https://id.example.com' } as const
 * export async function onPing(request: Request, clientNotificationToken: string, go: (authReqId: string) => void) {
 *   go((await readBackchannelPing(config, request, { clientNotificationToken })).authReqId)
 *   return new Response(null, { status: 204 })
 * }
 * ```
 */
export async function readBackchannelPing(
  config: OidcConfig,
  request: RequestLike,
  expected: ExpectedPing,
): Promise<{ readonly authReqId: string }> {
  requireObject(config, 'config')
  const token = requireString(requireObject(expected, 'expected').clientNotificationToken, 'clientNotificationToken')
  const refuse = refuser('Ping')
  if (typeof request?.headers?.get != 'function')
    throw argumentError('request', "a Request as fetch knows it, not Node's or Express's own: make one of it")
  const given = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (request.method != 'POST' || given === undefined) throw refuse('missing', 'a POST with a bearer token')
  if (!equal(given, token)) throw refuse('signature', 'the token that was given to the provider')
  let body: unknown
  try {
    body = JSON.parse((await readText(request, 1 << 16)).text)
  } catch {}
  if (!isObject(body) || !body.auth_req_id || typeof body.auth_req_id != 'string')
    throw refuse('format', 'JSON with auth_req_id')
  return { authReqId: body.auth_req_id }
}

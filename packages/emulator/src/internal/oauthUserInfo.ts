import type { ServerResponse } from 'node:http'
import type { Users } from './createUsers.js'
import type { Engine } from './engine.js'
import { formOf, sendJson, type Exchange } from './http.js'

/** User info of the OAuth side. The engine's own demands the scope `openid`, which does not exist here. */
export async function oauthUserInfo(
  exchange: Exchange,
  engine: Engine,
  users: Users,
  cors: Record<string, string>,
): Promise<ServerResponse> {
  const bearer = /^Bearer (\S+)$/i.exec(exchange.req.headers.authorization ?? '')?.[1]
  const given = [bearer, exchange.url.searchParams.get('access_token'), formOf(exchange)?.get('access_token')]
  const token = await engine.AccessToken.find(given.find(Boolean))
  const user = token?.isValid && token.accountId !== undefined ? users.find(token.accountId) : undefined
  if (user) return sendJson(exchange.res, 200, user.claims, cors)
  const error = { error: 'invalid_token', error_description: 'invalid token provided' }
  const challenge = `Bearer realm="${engine.issuer}", error="invalid_token", error_description="invalid token provided"`
  return sendJson(exchange.res, 401, error, { ...cors, 'www-authenticate': challenge })
}

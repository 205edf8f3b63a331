import { checkIdToken } from './checkIdToken.js'
import type { Engine } from './engine.js'
import { decodeJwt } from './jwt.js'

/** What validate_token says: the claims, or why not, in GenAuth's own words. */
export type Validation =
  | { readonly valid: true; readonly body: Readonly<Record<string, unknown>> }
  | { readonly valid: false; readonly body: { readonly code: 400; readonly message: string } }

/** Answers GenAuth's own question about an ID token or an access token. Both at once: the ID token is looked at. */
export async function validateToken(params: URLSearchParams, engine: Engine): Promise<Validation> {
  const kind = params.has('access_token') && !params.has('id_token') ? 'access_token' : 'id_token'
  const no = (what: string): Validation => ({ valid: false, body: { code: 400, message: `${kind} ${what}` } })
  const token = params.get(kind) ?? ''
  const jwt = decodeJwt(token)
  if (!jwt) return no('format is incorrect')
  const { payload } = jwt
  if (kind === 'access_token') {
    const live = payload['iss'] === engine.issuer && Number(payload['exp']) > Date.now() / 1000
    // Signed is not enough: a revoked token is still signed.
    const found = live && ((await engine.AccessToken.find(token)) ?? (await engine.ClientCredentials.find(token)))
    return found ? { valid: true, body: payload } : no('is invalid')
  }
  const client = await engine.Client.find(String(payload['aud']))
  const claims = client && (await checkIdToken(engine, client, token).catch(() => undefined))
  return claims ? { valid: true, body: claims } : no('is invalid')
}

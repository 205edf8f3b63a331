import { createHash, timingSafeEqual } from 'node:crypto'
import type { EndpointAuthMethods } from '../types.js'
import { formOf, type Exchange, type Rewrite } from './http.js'
import type { ResolvedApp } from './resolveOptions.js'

/** What becomes of a request at an endpoint where applications authenticate. */
export type Verdict = { readonly refused: true } | { readonly refused: false; readonly changes: Rewrite }

interface Credentials {
  readonly id: string
  readonly secret: string
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
const same = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b))

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** GenAuth's SDKs send id and secret raw, RFC 6749 wants them form-encoded first: both readings are tried. */
function basicReadings(authorization: string): readonly Credentials[] {
  const [scheme, token] = authorization.split(' ')
  const text = scheme?.toLowerCase() === 'basic' && token ? Buffer.from(token, 'base64').toString('utf8') : ''
  const colon = text.indexOf(':')
  if (colon < 0) return []
  const raw = { id: text.slice(0, colon), secret: text.slice(colon + 1) }
  return [raw, { id: formDecode(raw.id), secret: formDecode(raw.secret) }]
}

const PASS: Verdict = { refused: false, changes: {} }
const REFUSED: Verdict = { refused: true }

/**
 * Judges how a request authenticates, by the method that its application has for this endpoint.
 *
 * The engine knows one method per client and takes secrets from header and body for each other. So the judgement is
 * made here, and what passes is rewritten to the one method that the engine has for the client. Whatever is not an
 * application's, or is malformed, goes to the engine as it came: its answers to that are the ones to give.
 *
 * @param exchange - the request
 * @param endpoint - where it came
 * @param apps - the applications
 * @param openGrants - the grants that need no authentication
 */
export function judgeClientAuth(
  exchange: Pick<Exchange, 'req' | 'body'>,
  endpoint: keyof EndpointAuthMethods,
  apps: readonly ResolvedApp[],
  openGrants: readonly string[] = [],
): Verdict {
  const form = formOf(exchange)
  if (!form || ['client_id', 'client_secret'].some((name) => form.getAll(name).length > 1)) return PASS
  const { authorization } = exchange.req.headers
  const readings = authorization === undefined ? [] : basicReadings(authorization)
  const claimed = form.get('client_id')
  const app = apps.find(({ appId }) => appId === claimed || readings.some(({ id }) => id === appId))
  // Two ways at once are refused by the engine, and so is a header that is none of Basic.
  const ways = [authorization, form.get('client_secret'), form.get('client_assertion')].filter(Boolean)
  if (!app || ways.length > 1 || (authorization !== undefined && readings.length === 0)) return PASS
  // A method that is not GenAuth's is the engine's own business.
  if (app.metadata['token_endpoint_auth_method'] !== undefined || form.has('client_assertion')) return PASS

  const presented =
    authorization !== undefined ? 'client_secret_basic' : form.has('client_secret') ? 'client_secret_post' : 'none'
  const open = presented === 'none' && openGrants.includes(form.get('grant_type') ?? '')
  if (presented !== app.authMethods[endpoint] && !open) return REFUSED
  const { secret } = app
  if (secret === undefined || presented === 'client_secret_post') return PASS
  if (presented === 'client_secret_basic') {
    if (claimed !== null && claimed !== app.appId) return PASS
    if (!readings.some((reading) => reading.id === app.appId && same(reading.secret, secret))) return REFUSED
  }
  form.set('client_id', app.appId)
  form.set('client_secret', secret)
  const headers = { ...exchange.req.headers }
  delete headers.authorization
  return { refused: false, changes: { headers, body: form.toString() } }
}

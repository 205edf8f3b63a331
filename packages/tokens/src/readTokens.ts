import type { Bad } from '@genauth-oidc/core/ask'
import { clock } from '@genauth-oidc/core/clock'
import type { JsonObject, RequestOptions } from '@genauth-oidc/core/types'
import type { TokenResponse } from './types.js'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Reads a token answer (RFC 6749 section 5.1): what is not as the standard says is refused whole, unknown members stay.
 *
 * @param body - from the wire
 * @param bad - makes the errors
 * @param options - its clock; with `dpop` the token must be bound (RFC 9449 section 5)
 * @returns a copy with `expires_at`, without `claims`
 */
export function readTokens(body: JsonObject, bad: Bad, options?: RequestOptions): Writable<TokenResponse> {
  const tokens: Record<string, unknown> = { ...body }
  // Ours by name: what the wire says there is not what was checked.
  delete tokens.claims
  delete tokens.expires_at
  const check = (name: string, pattern: RegExp, required?: boolean) => {
    const value = tokens[name] ?? undefined
    if (value === undefined && !required) Reflect.deleteProperty(tokens, name)
    else if (
      (typeof value != 'string' && !(typeof value == 'number' && name == 'expires_in')) ||
      !pattern.test(value as string)
    )
      throw bad(name == 'token_type' ? name : 'shape', `no good ${name}`)
  }
  // What may stand in a header: no space, no line break.
  check('access_token', /^[!-~]+$/, true)
  check('token_type', options?.dpop ? /^dpop$/i : /^bearer$/i, true)
  check('expires_in', /^\d{1,10}(\.\d+)?$/)
  check('refresh_token', /^[ -~]+$/)
  check('id_token', /./)
  check('scope', /^/)
  if (tokens.expires_in !== undefined)
    tokens.expires_at = Math.floor(clock(options) + (tokens.expires_in = Number(tokens.expires_in)))
  return tokens as Writable<TokenResponse>
}

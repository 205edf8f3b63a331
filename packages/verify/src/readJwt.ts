import { fromBase64url } from '@genauth-oidc/core/fromBase64url'
import { isObject } from '@genauth-oidc/core/isObject'
import { toBytes } from '@genauth-oidc/core/toBytes'
import type { JsonObject } from '@genauth-oidc/core/types'
import type { Refuse } from './refuse.js'

/** A JWT in parts, nothing of it trusted. */
export interface Jwt {
  readonly alg: string
  readonly header: JsonObject
  readonly claims: JsonObject
  /** What is signed: header and payload as they came. */
  readonly signed: string
  /** One character for each byte. */
  readonly signature: string
}

/**
 * Takes a compact JWT apart (RFC 7515 section 3.1, RFC 7519 section 7.2): at most 64 KiB, three parts of strict
 * base64url, header and payload JSON objects in UTF-8, a header without `crit`, `b64` and `zip`. Keys in the header are ignored.
 *
 * @param token - as it came
 * @param refuse - makes the errors
 * @returns the parts
 * @throws OidcError `token_invalid` with check `missing`, `size`, `format` or `header`
 */
export function readJwt(token: unknown, refuse: Refuse): Jwt {
  if (typeof token != 'string' || !token) throw refuse('missing', 'there')
  if (token.length > 1 << 16) throw refuse('size', 'at most 64 KiB')
  const parts = token.split('.')
  const [header, claims] = parts.slice(0, 2).map(json)
  const signature = fromBase64url(parts[2] ?? '')
  if (parts.length != 3 || !isObject(header) || !isObject(claims) || signature === undefined)
    throw refuse('format', 'a signed JWT', 'ask for one that is not encrypted')
  const { alg, crit, b64, zip } = header
  if (typeof alg != 'string' || crit !== undefined || b64 !== undefined || zip !== undefined)
    throw refuse('header', 'one with alg and without crit, b64 and zip')
  return { alg, header, claims, signed: token.slice(0, token.lastIndexOf('.')), signature }
}

function json(part: string): unknown {
  try {
    const binary = fromBase64url(part)!
    return JSON.parse(
      /^[\0-\x7f]*$/.test(binary) ? binary : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(toBytes(binary)),
    )
  } catch {
    return
  }
}

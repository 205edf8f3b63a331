import { fromBase64url } from '@genauth-oidc/core/fromBase64url'
import { isObject } from '@genauth-oidc/core/isObject'
import { toBytes } from '@genauth-oidc/core/toBytes'
import type { JsonObject } from '@genauth-oidc/core/types'
import type { Refuse } from './refuser.js'

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
 * @throws OidcError `token_invalid` with check `missing`, `format` or `header`
 */
export function readJwt(token: unknown, refuse: Refuse): Jwt {
  if (typeof token != 'string' || !token) throw refuse('missing', 'there')
  const [header, claims, signature, ...more] = (token.length > 1 << 16 ? '' : token).split('.').map((part, at) => {
    const binary = fromBase64url(part)
    try {
      return at < 2 ? (JSON.parse(utf8(binary!)) as unknown) : binary
    } catch {
      return
    }
  })
  if (!isObject(header) || !isObject(claims) || typeof signature != 'string' || more.length)
    throw refuse('format', 'a signed JWT, at most 64 KiB')
  const { alg, crit, b64, zip } = header
  if (typeof alg != 'string' || [crit, b64, zip].some((extension) => extension !== undefined))
    throw refuse('header', 'one with alg, no crit, b64, zip')
  return { alg, header, claims, signed: token.slice(0, token.lastIndexOf('.')), signature }
}

const utf8 = (binary: string) =>
  // What is ASCII needs no decoding: most tokens.
  /[^\0-\x7f]/.test(binary)
    ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(toBytes(binary))
    : binary

import { isObject } from '@genauth-oidc/core/isObject'
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
  let header: unknown
  let claims: unknown
  let signature = ''
  try {
    const base64 = (token.length > 1 << 16 ? '' : token).replace(/-/g, '+').replace(/_/g, '/')
    const [first, second, third] = base64.split('.').map(atob)
    // Encoding it again catches what atob lets through: white space, padding, stray bits, further parts.
    const again = [first!, second!, third!].map(btoa).join('.').replace(/=/g, '')
    if (again === base64 && !token.includes('+') && !token.includes('/')) {
      header = json(first!)
      claims = json(second!)
      signature = third!
    }
  } catch {}
  if (!isObject(header) || !isObject(claims)) throw refuse('format', 'a signed JWT, at most 64 KiB')
  const { alg } = header
  if (typeof alg != 'string' || ['crit', 'b64', 'zip'].some((name) => name in header))
    throw refuse('header', 'one with alg, no crit, b64, zip')
  return { alg, header, claims, signed: token.slice(0, token.lastIndexOf('.')), signature }
}

// What is not ASCII has to be UTF-8, strictly.
const json = (binary: string): unknown =>
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- every engine has it; a TextDecoder takes twice the code
  JSON.parse(binary.replace(/[^\0-\x7f]+/g, (bytes) => decodeURIComponent(escape(bytes))))

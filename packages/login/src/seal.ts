import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { randomString } from '@genauth-oidc/core/randomString'
import { fromBase64url } from '@genauth-oidc/core/fromBase64url'
import { subtle } from '@genauth-oidc/core/subtle'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import { toBytes } from '@genauth-oidc/core/toBytes'
import type { RandomOptions, RequestOptions } from '@genauth-oidc/core/types'
import { boundData, deriveKey, keyList } from './internal/crypt.js'

/** What a value is sealed with. */
export interface SealParams {
  /** A secret of at least 32 characters, or several: the first seals, all open, so that a key can be changed. */
  readonly key: string | readonly string[]
  /** What the value is for, say `session`: a value sealed for one purpose never opens for another. */
  readonly purpose: string
  /** Seconds for which it opens. */
  readonly expiresIn: number
}

/**
 * Encrypts and signs a JSON value with an expiry, for a cookie: AES-256-GCM under a key derived with HKDF-SHA-256.
 *
 * @param value - any JSON value; sealed it may be 3 KB at most, which a cookie holds
 * @param params - key, purpose, expiry
 * @param options - `random` and the clock
 * @returns base64url text: hand it to `open`
 * @throws OidcError `argument_invalid`, `unsupported_runtime`
 * @see RFC 5869, NIST SP 800-38D
 *
 * @example
 * ```ts
 * import { seal } from '@genauth-oidc/login/seal'
 *
 * export const session = (sub: string, key: string) => seal({ sub }, { key, purpose: 'session', expiresIn: 3600 })
 * ```
 */
export async function seal(
  value: unknown,
  params: SealParams,
  options?: RandomOptions & Pick<RequestOptions, 'now'>,
): Promise<string> {
  const { key, purpose, expiresIn } = Object(params) as SealParams
  if (!(Number.isFinite(expiresIn) && expiresIn > 0)) throw argumentError('expiresIn', 'a number of seconds over 0')
  let text: string
  try {
    text = JSON.stringify([clock(options) + expiresIn, value])
  } catch {
    throw argumentError('value', 'a JSON value')
  }
  // 16 bytes of salt, 12 of initialisation vector.
  const random = toBytes(fromBase64url(randomString(options, 28))!)
  const cipher = await subtle().encrypt(
    { name: 'AES-GCM', iv: random.slice(16), additionalData: boundData(purpose) },
    await deriveKey(keyList(key)[0]!, random.slice(0, 16)),
    new TextEncoder().encode(text),
  )
  // What is too long already is not encoded: it would not fit on the stack.
  const sealed = text.length > 3072 ? text : toBase64url(random) + '.' + toBase64url(cipher)
  if (sealed.length > 3072) throw argumentError('value', 'at most 3 KB when sealed: shorten it, say appState')
  return sealed
}

import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { fromBase64url } from '@genauth-oidc/core/fromBase64url'
import { subtle } from '@genauth-oidc/core/subtle'
import { toBytes } from '@genauth-oidc/core/toBytes'
import type { RequestOptions } from '@genauth-oidc/core/types'
import { boundData, deriveKey, keyList } from './internal/crypt.js'
import type { SealParams } from './seal.js'

/**
 * Opens what `seal` made. Whatever is wrong with it, a changed character, another key or purpose, the expiry, the error is
 * the same.
 *
 * @param sealed - from the cookie
 * @param params - key and purpose
 * @param options - the clock
 * @returns the value; its shape is yours to check
 * @throws OidcError `argument_invalid` at `sealed`: treat it as no session; at `key` for a short one
 *
 * @example
 * ```ts
 * import { open } from '@genauth-oidc/login/open'
 *
 * export const session = (cookie: string, key: string) => open(cookie, { key, purpose: 'session' }).catch(() => undefined)
 * ```
 */
export async function open(
  sealed: string,
  params: Omit<SealParams, 'expiresIn'>,
  options?: Pick<RequestOptions, 'now'>,
): Promise<unknown> {
  const { key, purpose } = Object(params) as SealParams
  const additionalData = boundData(purpose)
  const [random, cipher] = (
    typeof sealed == 'string' && sealed.length < 3073 && /^[\w-]+\.[\w-]+$/.test(sealed) ? sealed : ''
  )
    .split('.')
    .map(fromBase64url)
  const bytes = toBytes(random ?? '')
  for (const one of keyList(key)) {
    const derived = await deriveKey(one, bytes.slice(0, 16))
    try {
      const plain = await subtle().decrypt(
        { name: 'AES-GCM', iv: bytes.slice(16), additionalData },
        derived,
        toBytes(cipher!),
      )
      const [expiry, value] = JSON.parse(new TextDecoder().decode(plain)) as [number, unknown]
      if (expiry > clock(options)) return value
    } catch {}
  }
  throw argumentError('sealed', 'sealed with this key and purpose, not long ago')
}

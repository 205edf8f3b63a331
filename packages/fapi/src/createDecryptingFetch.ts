import { argumentError } from '@genauth-oidc/core/argumentError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import type { FetchLike } from '@genauth-oidc/core/types'
import { rewriting } from './internal/rewriting.js'

/** How answers are opened. */
export interface DecryptingFetchOptions {
  /** Opens a token: `(token) => decryptJwt(token, { key })`. */
  readonly decrypt: (token: string) => string | Promise<string>
  /**
   * Lets ID tokens through that are not encrypted, say while the application's settings change over. Default: false, since
   * whoever can take the encryption away would go unnoticed.
   */
  readonly allowPlain?: boolean | undefined
  /** What sends. Default: the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined
}

const encrypted = (token: string): boolean => /^[\w-]+(\.[\w-]*){4}$/.test(token)

/**
 * Makes a `fetch`-shaped function for `config.fetch` that opens encrypted ID tokens in the answers of the token endpoint:
 * every function then works with an application whose ID tokens are encrypted, and checks what is inside as always. An
 * answer whose ID token is not encrypted is refused by all of them: `response_invalid`, reason `shape`.
 *
 * @param options - what opens a token, and what sends
 * @returns a function for `config.fetch`
 * @throws OidcError `argument_invalid`
 * @see OIDC Core section 3.1.3.7 item 1
 *
 * @example
 * ```ts
 * import { createDecryptingFetch } from '@genauth-oidc/fapi/createDecryptingFetch'
 * import { decryptJwt } from '@genauth-oidc/fapi/decryptJwt'
 *
 * export const configure = (key: CryptoKey) => ({
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   fetch: createDecryptingFetch({ decrypt: (token) => decryptJwt(token, { key }) }),
 * })
 * ```
 */
export function createDecryptingFetch(options: DecryptingFetchOptions): FetchLike {
  const { decrypt, allowPlain, fetch } = requireObject(options, 'options')
  if (typeof decrypt != 'function') throw argumentError('decrypt', 'a function: (token) => decryptJwt(token, { key })')
  return rewriting(
    // Looked up when it is used: a test or a polyfill may put another one there.
    (url, init) => (fetch ?? globalThis.fetch)(url, init),
    async (text) => {
      const body = JSON.parse(text) as { id_token?: unknown } | null
      const { id_token } = body ?? {}
      if (typeof id_token != 'string' || (allowPlain === true && !encrypted(id_token))) return text
      // A token that can't be opened stays as it is, and is refused by whoever reads it; so is an empty one.
      const opened = encrypted(id_token) ? await decrypt(id_token) : ''
      try {
        return JSON.stringify({ ...body, id_token: opened })
      } catch {
        // Nested so deep that it can't be written again: nothing of it goes on.
        return ''
      }
    },
  )
}

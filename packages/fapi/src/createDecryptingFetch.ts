import { readText } from '@genauth-oidc/core/readText'
import type { FetchLike, ResponseLike } from '@genauth-oidc/core/types'

/** How answers are opened. */
export interface DecryptingFetchOptions {
  /** Opens a token: `(token) => decryptJwt(token, { key })`. */
  readonly decrypt: (token: string) => string | Promise<string>
  /** What sends. Default: the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined
}

const encrypted = (value: unknown): value is string => typeof value == 'string' && /^[\w-]+(\.[\w-]*){4}$/.test(value)

/**
 * Makes a `fetch`-shaped function for `config.fetch` that opens encrypted ID tokens in the answers of the token endpoint:
 * every function then works with an application whose ID tokens are encrypted, and checks what is inside as always.
 *
 * @param options - what opens a token, and what sends
 * @returns a function for `config.fetch`
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
export function createDecryptingFetch({ decrypt, fetch }: DecryptingFetchOptions): FetchLike {
  return async (url, init): Promise<ResponseLike> => {
    const answer = await (fetch ?? globalThis.fetch)(url, init)
    if (answer.status != 200 || !/^application\/json *(;|$)/i.test(answer.headers.get('content-type') ?? ''))
      return answer
    const { status, headers, type, redirected } = answer
    const read = await readText(answer, 1 << 20)
    // Too long: handed on as long as it was, so that whoever reads it says so.
    let text = read.reason == 'too_large' ? ' '.repeat((1 << 20) + 1) : read.text
    try {
      const body = JSON.parse(text) as { id_token?: unknown } | null
      const { id_token } = body ?? {}
      // A token that can't be opened stays as it is, and is refused by whoever reads it.
      if (encrypted(id_token)) text = JSON.stringify({ ...body, id_token: await decrypt(id_token) })
    } catch {}
    const handed: ResponseLike = { status, headers, text: async () => text }
    return {
      ...handed,
      url: answer.url!,
      ...(type !== undefined && { type }),
      ...(redirected !== undefined && { redirected }),
    }
  }
}

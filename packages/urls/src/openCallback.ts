import { argumentError } from '@genauth-oidc/core/argumentError'
import { readText } from '@genauth-oidc/core/readText'
import type { RequestLike } from '@genauth-oidc/core/types'
import { refuseCallback } from './refuseCallback.js'

/** The places where an answer may stand, each as form-encoded text. */
export interface OpenedCallback {
  /** The path that was called, where it is known. */
  readonly path?: string | undefined
  readonly query?: string | undefined
  readonly fragment?: string | undefined
  readonly form_post?: string | undefined
}

/**
 * Opens a callback without judging it: what stands in the query, in the fragment and in the posted form.
 *
 * @param callback - a URL, a string, `URLSearchParams` taken from the right place, or a `Request`, whose form is read
 * @returns the places that it has
 * @throws OidcError `argument_invalid`; `callback_invalid` with reason `too_large` over 64 KiB
 */
export async function openCallback(callback: unknown): Promise<OpenedCallback> {
  if (callback instanceof URLSearchParams) {
    const query = `${callback}`
    return { query, fragment: query, form_post: query }
  }
  const { method, headers, url } = (callback ?? {}) as RequestLike
  if (method == 'POST') {
    // The form is all that is read of it: a query beside it is the address's own.
    if (!/^application\/x-www-form-urlencoded *(;|$)/i.test(headers.get('content-type') ?? '')) return {}
    const { text, reason } = await readText(callback as RequestLike, 1 << 16)
    if (reason) throw refuseCallback('too_large', 'its form is over 64 KiB or no text')
    return { path: new URL(url).pathname, form_post: text }
  }
  const address = method ? url : callback
  if (typeof address != 'string' && !(address instanceof URL))
    throw argumentError('callback', 'a URL, a string, URLSearchParams or a Request')
  // An absolute URL, a path, or only what is behind "?" or "#".
  const [, path, query, fragment] = /^(?:[a-z][a-z\d+.-]*:\/\/[^/?#]*)?(\/[^?#]*)?(\?[^#]*)?(#.*)?$/is.exec(`${address}`) ?? []
  return { path, query: query?.slice(1), fragment: fragment?.slice(1) }
}

import { argumentError } from '@genauth-oidc/core/argumentError'
import { OidcError } from '@genauth-oidc/core/OidcError'
import { readText } from '@genauth-oidc/core/readText'
import { requireString } from '@genauth-oidc/core/requireString'
import type { RequestLike } from '@genauth-oidc/core/types'
import { refuseCallback } from './refuseCallback.js'

/** The places where an answer may stand, each as form-encoded text. */
export interface OpenedCallback {
  /** What was called, without query and fragment, where it is known: a URL or a path. */
  readonly address?: string | undefined
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
  try {
    return await read(callback)
  } catch (error) {
    // A body that was read before, a request that is none: what they throw is not ours to show.
    throw error instanceof OidcError ? error : argumentError('callback', 'a URL or an unread request')
  }
}

async function read(callback: unknown): Promise<OpenedCallback> {
  if (callback instanceof URLSearchParams) {
    const query = `${callback}`
    return { query, fragment: query, form_post: query }
  }
  const { method, headers, url = callback } = (callback ?? {}) as Omit<RequestLike, 'url'> & { readonly url?: unknown }
  if (method === 'POST') {
    const { text, reason } = await readText(callback as RequestLike, 1 << 16)
    if (reason) throw refuseCallback('too_large', 'over 64 KiB, or no text')
    // The form is all that is read: a query beside it is the address's own.
    return {
      address: url as string,
      form_post: /^application\/x-www-form-urlencoded *(;|$)/i.test(headers.get('content-type')!) ? text : undefined,
    }
  }
  const [, address, query, fragment] = /^([^?#]*)\??([^#]*)#?(.*)$/s.exec(
    requireString(url instanceof URL ? url.href : url, 'callback'),
  )!
  return { address, query, fragment }
}

import type { Callback } from './types.js'

const unescape = (text: string) => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

/**
 * Follows a link as a browser would: a redirect, or a form that sends itself.
 *
 * @param url - the authorization URL
 * @returns what reaches the redirect URI
 */
export async function browse(url: URL): Promise<Callback> {
  const response = await fetch(url, { redirect: 'manual' })
  const page = await response.text()
  const location = response.headers.get('location')
  if (location) return { url: location }
  const [, action] = /<form method="post" action="([^"]*)">/.exec(page) ?? []
  if (!response.ok || action === undefined) throw new Error(`The provider refused the request: ${page}`)
  const form = new URLSearchParams()
  for (const [, name = '', value = ''] of page.matchAll(/name="([^"]*)" value="([^"]*)"/g))
    form.append(unescape(name), unescape(value))
  return { url: unescape(action), form: form.toString() }
}

/** A callback as a server gets it. */
export const toRequest = ({ url, form }: Callback): Request =>
  new Request(
    url,
    form === undefined
      ? {}
      : { method: 'POST', body: form, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  )

/** The pages that a browser sees at the end-session endpoint: the frames to load, and where it goes then. */
export async function browseLogout(url: URL): Promise<{ readonly frames: string[]; readonly next: Callback }> {
  const response = await fetch(url, { redirect: 'manual' })
  const page = await response.text()
  const [, next] = /<a href="([^"]*)"/.exec(page) ?? []
  if (!response.ok || next === undefined) throw new Error(`The provider refused to sign out: ${page}`)
  const frames = [...page.matchAll(/<iframe src="([^"]*)"/g)].map(([, src = '']) => src.replaceAll('&amp;', '&'))
  return { frames, next: { url: next } }
}

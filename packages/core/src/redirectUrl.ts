/**
 * Tells whether an address may be given to a provider as a place to send the browser: an absolute URL, also of an app's
 * own scheme, that runs no code, reads no file and carries no credentials (RFC 6749 section 3.1.2).
 *
 * @param value - the address, which is sent as it is
 * @param fragment - whether it may have a fragment; a redirect URI may not
 * @returns whether it is usable
 */
export function redirectUrl(value: unknown, fragment?: boolean): value is string {
  try {
    const text = value as string
    const url = new URL(text)
    return (
      typeof text == 'string' &&
      // A URL is silently trimmed of these.
      !/^ | $|\p{Cc}/u.test(text) &&
      !/^(javascript|data|blob|file|vbscript|about):$/.test(url.protocol) &&
      !url.username &&
      !url.password &&
      (fragment || !text.includes('#'))
    )
  } catch {
    return false
  }
}

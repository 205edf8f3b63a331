/**
 * Reads an endpoint's address: an absolute https URL without credentials and fragment. With `insecure` also http, but
 * only to this machine, told by the parsed host: `localhost`, 127.0.0.0/8 or `[::1]`, nothing that looks like it.
 *
 * @param value - the address
 * @param insecure - `config.allowInsecureRequests`
 * @returns the URL, or undefined when it is not safe to send a secret to
 */
export function secureUrl(value: unknown, insecure: unknown): URL | undefined {
  try {
    const text = value as string
    const url = new URL(text)
    if (
      (url.protocol == 'https:' ||
        (insecure === true && url.protocol == 'http:' && /^(localhost|127(\.\d+){3}|\[::1])$/.test(url.hostname))) &&
      !url.username &&
      !url.password &&
      typeof text == 'string' &&
      // A URL is silently trimmed of these.
      !/^ | $|\p{Cc}/u.test(text) &&
      !text.includes('#')
    )
      return url
  } catch {}
  return
}

/** What every address of a server has to be, as a remedy. */
export const httpsRule = 'set an https URL; http only on localhost with allowInsecureRequests: true'

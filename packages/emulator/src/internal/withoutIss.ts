import type { EngineContext } from './engine.js'

function drop(params: string): string {
  const left = new URLSearchParams(params)
  left.delete('iss')
  return left.toString()
}

/**
 * Takes `iss` out of an error that goes back to the application, as engines older than RFC 9207 never put it there.
 * The engine offers no place before the redirect or the form is written.
 */
export function withoutIss(ctx: EngineContext): void {
  const location = ctx.response.get('location')
  if (location && /[?#&]iss=/.test(location)) {
    const url = new URL(location, 'http://127.0.0.1')
    if (url.searchParams.has('iss')) url.search = drop(url.search)
    if (/(^#|&)iss=/.test(url.hash)) url.hash = drop(url.hash.slice(1))
    ctx.set('location', url.href)
  }
  if (typeof ctx.body === 'string') {
    ctx.body = ctx.body
      .replace(/<input type="hidden" name="iss" value="[^"]*"\/>\n?/, '')
      .replace(/("response":\{[^<]*?),"iss":"[^"]*"/, '$1')
  }
}

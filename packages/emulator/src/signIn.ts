import { complaintOf, createBrowser, formOn, type Visit } from './internal/createBrowser.js'

/** How to sign in. */
export interface SignInOptions {
  /** The user name to type, `alice` by default. Any name is a user. */
  readonly user?: string
  /** Press "Cancel" on the first page, which gives the callback `access_denied`. */
  readonly deny?: boolean
  /** The browser's cookies. Give the same map again and the person is still signed in. */
  readonly cookies?: Map<string, string>
}

/** The callback that the browser would make next. */
export interface SignInResult {
  /** The redirect URI with its query or fragment. */
  readonly url: string
  /** `POST` for the response mode form_post. */
  readonly method: 'GET' | 'POST'
  /** The form of a `POST`. */
  readonly body?: string
}

/** No sign-in has more pages and redirects than this; a loop has. */
const MOST_STEPS = 20

/**
 * Signs a person in without a browser: follows an authorization URL through the emulator's login and consent pages, as
 * a browser with cookies would, and stops before the redirect URI.
 *
 * @param url - the authorization URL, say of `buildAuthorizeUrl` or `beginLogin`
 * @param options - who signs in, or that they refuse
 * @returns the callback; hand its `url`, or the form in `body`, to what reads callbacks
 * @throws Error with the status and the words of the page when the emulator refuses the request
 *
 * @example
 * ```ts
 * import { signIn } from '@genauth-oidc/emulator/signIn'
 *
 * declare const authorizeUrl: URL
 * const callback = await signIn(authorizeUrl, { user: 'alice' })
 * console.log(callback.url)
 * ```
 */
export async function signIn(url: string | URL, options: SignInOptions = {}): Promise<SignInResult> {
  const { user = 'alice', deny = false, cookies = new Map<string, string>() } = options
  const browser = createBrowser(cookies)
  const start = new URL(url)
  let visit: Visit = await browser.get(start)
  for (let step = 0; step < MOST_STEPS; step++) {
    const { location, status } = visit
    if (location) {
      if (location.origin !== start.origin) return { url: location.href, method: 'GET' }
      visit = await browser.get(location)
      continue
    }
    const form = formOn(visit)
    if (form && form.action.origin !== start.origin) {
      // An error can come by form_post too, and then with status 400.
      return { url: form.action.href, method: 'POST', body: form.fields.toString() }
    }
    if (!form || status !== 200) break
    if (form.fields.has('user')) form.fields.set('user', user)
    // The engine's own forms, which scripts send by themselves, carry no such button.
    if (form.action.href === visit.url.href) form.fields.set('action', deny ? 'cancel' : 'continue')
    visit = await browser.post(form.action, form.fields)
  }
  if (visit.html.includes('authorization_response')) {
    throw new Error(
      'The sign-in answers by web_message, which only a window of a browser receives: use another response mode',
    )
  }
  throw new Error(`The sign-in stopped at ${visit.url.origin}${visit.url.pathname} with ${complaintOf(visit)}`)
}

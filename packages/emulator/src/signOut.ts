import { complaintOf, createBrowser, formOn, type Visit } from './internal/createBrowser.js'

/** How to sign out. */
export interface SignOutOptions {
  /** The browser's cookies, those that `signIn` filled. */
  readonly cookies?: Map<string, string>
}

const MOST_STEPS = 10

/**
 * Signs a person out without a browser: follows a logout URL and says yes where the emulator asks.
 *
 * @param url - the logout URL, say of `buildLogoutUrl`
 * @param options - the cookies of the browser that signs out
 * @returns the address that the browser ends at: the application's, or a page of the emulator
 * @throws Error with the status and the words of the page when the emulator refuses the request
 *
 * @example
 * ```ts
 * import { signOut } from '@genauth-oidc/emulator/signOut'
 *
 * declare const logoutUrl: URL
 * const { url } = await signOut(logoutUrl)
 * console.log(url)
 * ```
 */
export async function signOut(url: string | URL, options: SignOutOptions = {}): Promise<{ readonly url: string }> {
  const browser = createBrowser(options.cookies ?? new Map<string, string>())
  const start = new URL(url)
  let visit: Visit = await browser.get(start)
  for (let step = 0; step < MOST_STEPS; step++) {
    const { location } = visit
    if (location) {
      if (location.origin !== start.origin) return { url: location.href }
      visit = await browser.get(location)
      continue
    }
    if (visit.status !== 200) break
    const form = formOn(visit)
    if (!form) return { url: visit.url.href }
    form.fields.set('logout', 'yes')
    visit = await browser.post(form.action, form.fields)
  }
  throw new Error(`The sign-out stopped at ${visit.url.origin}${visit.url.pathname} with ${complaintOf(visit)}`)
}

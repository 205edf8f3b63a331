import { complaintOf, createBrowser, formOn, type Visit } from './internal/createBrowser.js'

/** How to answer a device. */
export interface ApproveDeviceOptions {
  /** The user name to type, `alice` by default. */
  readonly user?: string
  /** Say that the code is not on one's device, which gives the device `access_denied`. */
  readonly deny?: boolean
  /** The browser's cookies. */
  readonly cookies?: Map<string, string>
}

const MOST_STEPS = 20

/**
 * Does what a person does who signs a device in: opens the address that the device shows, compares the code, signs in
 * and allows. Needs an emulator with `features: { deviceFlow: true }`.
 *
 * @param url - `verification_uri_complete` of the device authorization response (RFC 8628 section 3.2)
 * @param options - who signs in, or that they refuse
 * @throws Error with the words of the page when the code is unknown, used or too old
 *
 * @example
 * ```ts
 * import { approveDevice } from '@genauth-oidc/emulator/approveDevice'
 *
 * declare const device: { readonly verification_uri_complete: string }
 * await approveDevice(device.verification_uri_complete, { user: 'alice' })
 * ```
 */
export async function approveDevice(url: string | URL, options: ApproveDeviceOptions = {}): Promise<void> {
  const { user = 'alice', deny = false, cookies = new Map<string, string>() } = options
  const browser = createBrowser(cookies)
  let visit: Visit = await browser.get(new URL(url))
  let entered = false
  for (let step = 0; step < MOST_STEPS; step++) {
    if (visit.location) {
      visit = await browser.get(visit.location)
      continue
    }
    const form = formOn(visit)
    if (visit.status !== 200) break
    if (!form) return
    const { fields } = form
    if (fields.has('confirm')) {
      if (deny) {
        fields.set('abort', 'yes')
        await browser.post(form.action, fields)
        return
      }
    } else if (fields.has('user_code')) {
      // Asked for it again: the code was not accepted.
      if (entered) break
      entered = true
    } else {
      if (fields.has('user')) fields.set('user', user)
      fields.set('action', 'continue')
    }
    visit = await browser.post(form.action, fields)
  }
  const alert = /<p role="alert">([^<]*)</.exec(visit.html)?.[1]
  throw new Error(`The device was not signed in: ${alert ?? complaintOf(visit)}`)
}

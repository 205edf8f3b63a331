import type { RequestOptions } from '@genauth-oidc/core/types'
import { openTransaction } from './openTransaction.js'
import { transactionCookie } from './transactionCookie.js'
import type { LoginResponseType, LoginTransaction } from './types.js'

/**
 * Makes the function that `completeLogin` takes to find its transaction in the cookies of the callback. Send the cookie's
 * `clear` header with the answer. For form_post the state is in the body: the README shows how to take
 * it on the way.
 *
 * @param cookies - the Cookie header
 * @param redirectUri - as in the config
 * @param key - the secret, or several, that it was sealed with
 * @param options - the clock
 * @returns the function: it gives the transaction of a state, or undefined where this browser has none
 *
 * @example
 * ```ts
 * import { completeLogin } from '@genauth-oidc/login/completeLogin'
 * import { transactionFromCookie } from '@genauth-oidc/login/transactionFromCookie'
 *
 * const redirectUri = 'https://app.example.com/callback'
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai', redirectUri } as const
 * export const callback = (request: Request, key: string) =>
 *   completeLogin(config, request, transactionFromCookie(request.headers.get('cookie'), redirectUri, key))
 * ```
 */
export function transactionFromCookie<R extends LoginResponseType = 'code'>(
  cookies: string | null | undefined,
  redirectUri: string,
  key: string | readonly string[],
  options?: Pick<RequestOptions, 'now'>,
): (state: string) => Promise<LoginTransaction<R> | undefined> {
  return async (state) => {
    const { name } = await transactionCookie({ state, redirectUri })
    const cookie = cookies?.split(/; */).find((pair) => pair.startsWith(`${name}=`))
    return cookie === undefined ? undefined : openTransaction<R>(cookie.slice(name.length + 1), key, options)
  }
}

import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { RequestOptions } from '@genauth-oidc/core/types'
import { refuseCallback } from '@genauth-oidc/urls/refuseCallback'
import { transactionPurpose } from './internal/transactionPurpose.js'
import { open } from './open.js'
import type { LoginResponseType, LoginTransaction } from './types.js'

/**
 * Opens a sealed transaction. Whatever is wrong with it, the error is the same. Delete the cookie before the result is used:
 * a transaction is good for one callback.
 *
 * @param sealed - from the cookie
 * @param key - the secret, or several
 * @param options - the clock
 * @returns the transaction: hand it to `completeLogin`
 * @throws OidcError `callback_invalid` with reason `transaction`; `argument_invalid` at `key` for a short one
 *
 * @example
 * ```ts
 * import { openTransaction } from '@genauth-oidc/login/openTransaction'
 *
 * export const kept = (cookie: string, key: string) => openTransaction(cookie, key)
 * ```
 */
export async function openTransaction<R extends LoginResponseType = 'code'>(
  sealed: string,
  key: string | readonly string[],
  options?: Pick<RequestOptions, 'now'>,
): Promise<LoginTransaction<R>> {
  const [, owner = '', rest = ''] = /^([^.]+)\.(.+)$/.exec(sealed) ?? []
  try {
    return (await open(rest, { key, purpose: transactionPurpose(owner) }, options)) as LoginTransaction<R>
  } catch (error) {
    if (
      isOidcError(error, 'unsupported_runtime') ||
      (isOidcError(error, 'argument_invalid') && error.argument == 'key')
    )
      throw error
    throw refuseCallback('transaction', 'what was kept of its sign-in does not open')
  }
}

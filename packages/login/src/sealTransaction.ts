import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import type { RandomOptions, RequestOptions } from '@genauth-oidc/core/types'
import { transactionPurpose } from './internal/transactionPurpose.js'
import { seal } from './seal.js'
import type { LoginTransaction } from './types.js'

/**
 * Seals a transaction for a cookie, so that no server has to keep it. It is bound to its issuer and app id, and opens until
 * the transaction expires.
 *
 * @param transaction - from `beginLogin`
 * @param key - a secret of at least 32 characters, or several: the first seals, all open
 * @param options - `random` and the clock
 * @returns text of at most 3 KB: hand it to `transactionCookie`
 * @throws OidcError `argument_invalid`, `unsupported_runtime`
 *
 * @example
 * ```ts
 * import { sealTransaction } from '@genauth-oidc/login/sealTransaction'
 * import type { LoginTransaction } from '@genauth-oidc/login/types'
 *
 * export const keep = (transaction: LoginTransaction, key: string) => sealTransaction(transaction, key)
 * ```
 */
export async function sealTransaction(
  transaction: LoginTransaction,
  key: string | readonly string[],
  options?: RandomOptions & Pick<RequestOptions, 'now'>,
): Promise<string> {
  const expiresIn = transaction?.expiresAt - clock(options)
  if (!(expiresIn > 0)) throw argumentError('transaction', 'one from beginLogin that is not expired')
  const owner = toBase64url(new TextEncoder().encode(`${transaction.issuer} ${transaction.appId}`))
  const sealed = `${owner}.${await seal(transaction, { key, purpose: transactionPurpose(owner), expiresIn }, options)}`
  if (sealed.length > 3072) throw argumentError('transaction', 'at most 3 KB when sealed: shorten it, say appState')
  return sealed
}

import { requireString } from '@genauth-oidc/core/requireString'
import { secureUrl } from '@genauth-oidc/core/secureUrl'
import { sha } from '@genauth-oidc/core/sha'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import type { LoginTransaction } from './types.js'

/** A cookie for a transaction. */
export interface TransactionCookie {
  /** One for each state, so that tabs can sign in side by side. */
  readonly name: string
  readonly value: string
  /** As in a Set-Cookie header, behind the value. */
  readonly attributes: string
  /** The whole Set-Cookie header that keeps it. */
  readonly set: string
  /** The whole Set-Cookie header that deletes it. */
  readonly clear: string
}

/**
 * Makes the cookie that keeps a sealed transaction: HttpOnly, Secure, with a `__Host-` name that holds a hash of the state.
 * For form_post it is SameSite=None, since a Lax cookie is not sent with a cross-site POST. On http loopback it is neither
 * Secure nor prefixed, and always Lax: there form_post works only where application and provider have the same host, say `127.0.0.1`.
 *
 * @param transaction - from `beginLogin`; for reading, `state` and `redirectUri` are enough
 * @param sealed - from `sealTransaction`
 * @returns name, value and headers
 * @throws OidcError `argument_invalid`, `unsupported_runtime`
 * @see RFC 6265bis sections 4.1.2 and 4.1.3
 *
 * @example
 * ```ts
 * import { sealTransaction } from '@genauth-oidc/login/sealTransaction'
 * import { transactionCookie } from '@genauth-oidc/login/transactionCookie'
 * import type { LoginTransaction } from '@genauth-oidc/login/types'
 *
 * export const header = async (transaction: LoginTransaction, key: string) =>
 *   (await transactionCookie(transaction, await sealTransaction(transaction, key))).set
 * ```
 */
export async function transactionCookie(
  transaction: Pick<LoginTransaction, 'state' | 'redirectUri'> & Partial<LoginTransaction>,
  sealed = '',
): Promise<TransactionCookie> {
  const { state, redirectUri, responseMode } = Object(transaction) as Partial<LoginTransaction>
  // Over http to anywhere but this machine it stays Secure: better no cookie than one that anybody on the way reads.
  const secure = secureUrl(redirectUri, true)?.protocol != 'http:'
  const name = `${secure ? '__Host-' : ''}genauth-${toBase64url(await sha(requireString(state, 'transaction.state'))).slice(0, 22)}`
  // Browsers take SameSite=None only together with Secure.
  const attributes = (seconds: number) =>
    `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=${secure && /form_post/.test(responseMode!) ? 'None' : 'Lax'}${secure ? '; Secure' : ''}`
  return {
    name,
    value: sealed,
    attributes: attributes(600),
    set: `${name}=${sealed}; ${attributes(600)}`,
    clear: `${name}=; ${attributes(0)}`,
  }
}

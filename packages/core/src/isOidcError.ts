import type { OidcError, OidcErrorCode } from './OidcError.js'

/**
 * Tells whether a caught value is an error of these packages, and of one of the given codes if any are given. Unlike
 * `instanceof` it also knows errors of another copy of the package.
 *
 * @param error - whatever was caught
 * @param codes - the codes to accept; none accepts all
 * @returns true, and the value's type is narrowed to the codes
 *
 * @example
 * ```ts
 * import { isOidcError } from '@genauth-oidc/core/isOidcError'
 *
 * export const signedOut = (error: unknown) => isOidcError(error, 'endpoint_error') && error.error === 'invalid_grant'
 * ```
 */
export function isOidcError<C extends OidcErrorCode = OidcErrorCode>(
  error: unknown,
  ...codes: C[]
): error is OidcError<C> {
  return (
    typeof error === 'object' &&
    error !== null &&
    Symbol.for('genauth-oidc') in error &&
    (!codes.length || codes.includes((error as OidcError<C>).code))
  )
}

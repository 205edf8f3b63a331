import { OidcError, type TokenCheck } from '@genauth-oidc/core/OidcError'

/** Makes the error for a failed check of one token. */
export type Refuse = (check: TokenCheck, rule: string, remedy?: string) => OidcError<'token_invalid'>

/**
 * Makes the function that makes the errors for one token.
 *
 * @param what - the token's name in messages, say `ID token`
 * @returns the function: check, what it has to be (to stand behind "must be"), and what to do instead of refusing
 */
export const refuser =
  (what: string): Refuse =>
  (check, rule, remedy = 'do not accept it') =>
    new OidcError('token_invalid', `The ${what} is refused: its ${check} must be ${rule}; ${remedy}.`, { check })

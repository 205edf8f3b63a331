import { OidcError, type TokenCheck } from '@genauth-oidc/core/OidcError'

/** Makes the error for a failed check of one token: what was checked, and what it has to be. */
export type Refuse = (check: TokenCheck, rule: string) => OidcError<'token_invalid'>

/**
 * Makes the function that makes the errors for one token.
 *
 * @param what - the token's name in messages, say `ID token`
 * @returns the function: check, and what it has to be, to stand behind "must be"
 */
export const refuser =
  (what: string): Refuse =>
  (check, rule) =>
    new OidcError('token_invalid', `${what} refused, do not use it (${check}): must be ${rule}.`, { check })

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
    new OidcError('token_invalid', `${what} refused, do not use it: ${check} must be ${rule}.`, { check })

/**
 * Throws for the first rule that is not kept.
 *
 * @param refuse - makes the error
 * @param rules - by check, in order: true, or what it has to be
 * @throws OidcError `token_invalid`
 */
export function uphold(refuse: Refuse, rules: { readonly [C in TokenCheck]?: true | string }): void {
  for (const [check, rule] of Object.entries(rules)) if (rule !== true) throw refuse(check as TokenCheck, rule)
}

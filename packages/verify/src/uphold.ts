import type { TokenCheck } from '@genauth-oidc/core/OidcError'
import type { Refuse } from './refuser.js'

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

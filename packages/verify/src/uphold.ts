import type { TokenCheck } from '@genauth-oidc/core/OidcError'
import type { Refuse } from './refuser.js'

/** By check: true, or what it has to be. */
export type Rules = { [C in TokenCheck]?: true | string }

/**
 * Throws for the first rule that is not kept.
 *
 * @param refuse - makes the error
 * @param rules - in the order in which they count
 * @throws OidcError `token_invalid`
 */
export function uphold(refuse: Refuse, rules: Readonly<Rules>): void {
  for (const [check, rule] of Object.entries(rules)) if (rule !== true) throw refuse(check as TokenCheck, rule)
}

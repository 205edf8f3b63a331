import { configError } from '@genauth-oidc/core/configError'
import { knownAlg } from '@genauth-oidc/core/knownAlg'
import type { Jwt } from './readJwt.js'
import type { Refuse } from './refuser.js'

/**
 * Refuses a token whose algorithm is not on the list (RFC 8725 section 3.1).
 *
 * @param jwt - the token
 * @param allowed - the list, which may come from a config that nobody parsed
 * @param refuse - makes the errors
 * @param setting - where the list is set, for the error
 * @param hint - what else can be done
 * @throws OidcError `token_invalid` with check `alg`; `config_invalid` for an empty or broken list
 */
export function checkAlg({ alg }: Jwt, allowed: readonly string[], refuse: Refuse, setting: string, hint = ''): void {
  if (!Array.isArray(allowed) || !allowed.length || !allowed.every(knownAlg))
    throw configError(setting, 'list HS256, RS256, ...')
  if (!(allowed as readonly string[]).includes(alg))
    throw refuse(
      'alg',
      `one of ${allowed.join()}, got ${/^\w{1,9}/.exec(alg) as unknown as string}: set ${setting}${hint}`,
    )
}

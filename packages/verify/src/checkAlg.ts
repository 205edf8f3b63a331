import { configError } from '@genauth-oidc/core/configError'
import { knownAlg } from '@genauth-oidc/core/knownAlg'
import type { OidcConfig } from '@genauth-oidc/core/types'
import type { Jwt } from './readJwt.js'
import type { Refuse } from './refuse.js'

/**
 * The algorithms that an ID token may be signed with: the config's, else GenAuth's default for an application with a
 * secret, else the standard's (OIDC Core section 3.1.3.7 item 7). Never taken from a token or from metadata.
 *
 * @param config - an oidc config
 * @returns the allow-list
 */
export const idTokenAlgs = (config: OidcConfig): readonly string[] =>
  config.idTokenSigningAlgs === undefined
    ? [config.appHost && config.secret ? 'HS256' : 'RS256']
    : config.idTokenSigningAlgs

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
  if (!(Array.isArray(allowed) && allowed.length && allowed.every(knownAlg)))
    throw configError(setting, 'list HS256, RS256, ...')
  if (!(allowed as readonly string[]).includes(alg))
    throw refuse('alg', `one of ${allowed.join(', ')}, got ${knownAlg(alg) ? alg : 'another'}: set ${setting}${hint}`)
}

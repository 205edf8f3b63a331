import type { OidcConfig } from '@genauth-oidc/core/types'

/**
 * The algorithms that an ID token may be signed with: the config's, else GenAuth's default for an application with a
 * secret, else the standard's (OIDC Core section 3.1.3.7 item 7). Never taken from a token or from metadata.
 *
 * @param config - an oidc config, of which `appId` was read before
 * @returns the allow-list
 */
export const idTokenAlgs = ({
  appHost,
  secret,
  idTokenSigningAlgs = [appHost && secret ? 'HS256' : 'RS256'],
}: OidcConfig): readonly string[] => idTokenSigningAlgs

import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import type { Config, DpopHandle, RequestOptions } from '@genauth-oidc/core/types'
import { clockSkew, DPoP, generateKeyPair } from 'oauth4webapi'
import type { DpopKeyPair } from './types.js'

/** How proofs are made. */
export interface DpopOptions extends Pick<RequestOptions, 'now'> {
  /** The algorithm of a pair that is made here. Default: `ES256`. */
  readonly alg?: 'ES256' | 'PS256' | 'Ed25519' | undefined
}

/**
 * Makes the handle that binds tokens to a key pair: given as `options.dpop`, each request carries a fresh proof, and an
 * answer with a Bearer token is refused. The handle remembers the nonce of each origin; a request that lacked one is sent
 * again, once. Make one for each user's session, or each machine: it holds keys and nonces, never a token.
 *
 * @param config - any config
 * @param keyPair - a pair that was kept, say in IndexedDB; left out, one is made whose private key can't be exported
 * @param options - algorithm and clock
 * @returns the handle for `options.dpop` of every function that sends
 * @throws OidcError `argument_invalid` at `keyPair`, `config_invalid`
 * @see RFC 9449 sections 4, 5 and 8
 *
 * @example
 * ```ts
 * import { createDpop } from '@genauth-oidc/fapi/createDpop'
 * import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   redirectUri: 'https://app.example.com/callback',
 * } as const
 * export async function exchange(code: string, codeVerifier: string) {
 *   const dpop = await createDpop(config)
 *   return { dpop, tokens: await getAccessTokenByCode(config, { code, codeVerifier }, { dpop }) }
 * }
 * ```
 */
export async function createDpop(
  config: Config,
  keyPair?: DpopKeyPair,
  { alg = 'ES256', now }: DpopOptions = {},
): Promise<DpopHandle> {
  const client = {
    client_id: appId(config),
    ...(now !== undefined && { [clockSkew]: Math.round(clock({ now }) - Date.now() / 1000) }),
  }
  try {
    return DPoP(client, keyPair ?? (await generateKeyPair(alg)))
  } catch {
    throw argumentError('keyPair', 'a pair for signing whose public key can be exported, or left out')
  }
}

import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { OidcError } from '@genauth-oidc/core/OidcError'
import { randomString } from '@genauth-oidc/core/randomString'
import { sha } from '@genauth-oidc/core/sha'
import { subtle } from '@genauth-oidc/core/subtle'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import type { Config, DpopHandle, JsonObject, RequestOptions } from '@genauth-oidc/core/types'
import type { Prover } from './internal/prover.js'
import { signer } from './internal/signer.js'
import { thumbprint } from './internal/thumbprint.js'
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
 * @throws OidcError `argument_invalid` at `keyPair` or `alg`, `config_invalid`
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
export async function createDpop(config: Config, keyPair?: DpopKeyPair, options?: DpopOptions): Promise<DpopHandle> {
  appId(config)
  const { privateKey, publicKey } = keyPair ?? (await generate(options?.alg))
  const sign = signer(privateKey, 'keyPair')
  const jwk = await publicPart(publicKey)
  const nonces = new Map<string, string>()
  const handle: DpopHandle & Prover = {
    calculateThumbprint: async () => thumbprint(jwk),
    addProof: async ({ origin, pathname }, headers, htm, token) =>
      headers.set(
        'dpop',
        await sign(
          {
            iat: Math.floor(clock(options)),
            jti: randomString(),
            htm,
            nonce: nonces.get(origin),
            htu: origin + pathname,
            ath: token && toBase64url(await sha(token)),
          },
          { typ: 'dpop+jwt', jwk },
        ),
      ),
    cacheNonce: ({ headers }, { origin }) => {
      const nonce = headers.get('dpop-nonce')
      // The origin that was heard of last stays longest.
      if (nonce && (nonces.delete(origin), nonces.set(origin, nonce)).size > 100)
        nonces.delete(nonces.keys().next().value!)
    },
  }
  return handle
}

/** The public members of a key and no others, whatever key it is. */
async function publicPart(key: CryptoKey): Promise<JsonObject> {
  try {
    const { kty, crv, e, n, x, y, ...more } = await subtle().exportKey('jwk', key)
    const { alg, pub } = more as JsonObject
    if (key.type == 'public') return { kty, crv, e, n, x, y, ...(kty == 'AKP' && { alg, pub }) }
  } catch {}
  throw argumentError('keyPair', 'a pair for signing whose public key can be exported, or left out')
}

/** Makes a pair whose private key can't be exported. */
async function generate(alg = 'ES256'): Promise<DpopKeyPair> {
  try {
    // One object for all families: WebCrypto ignores the members that an algorithm does not know.
    if (/^(ES256|PS256|Ed25519)$/.test(alg))
      return await subtle().generateKey(
        {
          name: alg == 'ES256' ? 'ECDSA' : alg == 'PS256' ? 'RSA-PSS' : alg,
          namedCurve: 'P-256',
          hash: 'SHA-256',
          modulusLength: 2048,
          publicExponent: Uint8Array.of(1, 0, 1),
        },
        false,
        ['sign', 'verify'],
      )
  } catch (error) {
    if (error instanceof OidcError) throw error
  }
  throw argumentError('alg', 'ES256, PS256 or Ed25519, and known to this runtime')
}

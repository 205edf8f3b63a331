import { argumentError } from '@genauth-oidc/core/argumentError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { refuser } from '@genauth-oidc/verify/refuser'
import { compactDecrypt } from 'jose'

/** What opens an encrypted token. */
export interface DecryptParams {
  /**
   * The client's private key, or the app secret for a token that is encrypted with a key made of it (OIDC Core section
   * 10.2).
   */
  readonly key: CryptoKey | { readonly kty: string; readonly [member: string]: unknown } | Uint8Array | string
  /** The allow-list of key management algorithms. Default: RSA-OAEP-256, ECDH-ES and its key wraps; with a secret A*KW and dir. */
  readonly algs?: readonly string[] | undefined
  /** The allow-list of content encryptions. Default: the AES-GCM and AES-CBC-HMAC ones. */
  readonly encs?: readonly string[] | undefined
}

/**
 * Opens an encrypted ID token, user info or callback. What is inside is not trusted yet: hand it to `verifyIdToken`, or
 * give this function as `decrypt` to the function that reads the answer.
 *
 * @param token - five parts with dots between
 * @param params - the key, and what it may be used for
 * @returns the signed token inside
 * @throws OidcError `token_invalid` with check `format`, `alg` or `key`; `argument_invalid`
 * @see OIDC Core section 10.2, RFC 7516
 *
 * @example
 * ```ts
 * import { decryptJwt } from '@genauth-oidc/fapi/decryptJwt'
 * import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const open = async (idToken: string, key: CryptoKey, nonce: string) =>
 *   verifyIdToken(config, await decryptJwt(idToken, { key }), { nonce })
 * ```
 */
export async function decryptJwt(token: string, params: DecryptParams): Promise<string> {
  const refuse = refuser('Encrypted token')
  const { key } = requireObject(params, 'params')
  const symmetric = typeof key == 'string' || key instanceof Uint8Array
  const {
    algs = symmetric
      ? ['A128KW', 'A192KW', 'A256KW', 'A128GCMKW', 'A192GCMKW', 'A256GCMKW', 'dir']
      : [
          'RSA-OAEP-256',
          'RSA-OAEP-384',
          'RSA-OAEP-512',
          'ECDH-ES',
          'ECDH-ES+A128KW',
          'ECDH-ES+A192KW',
          'ECDH-ES+A256KW',
        ],
    encs = ['A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'],
  } = params
  if (!key) throw argumentError('key', 'the private key or the app secret')
  if (typeof token != 'string' || token.length > 1 << 17 || token.split('.').length != 5)
    throw refuse('format', 'an encrypted JWT')
  try {
    const { plaintext } = await compactDecrypt(
      token,
      async ({ alg, enc, zip }) => {
        // What is packed may be far larger than it looks (RFC 8725 section 3.6).
        if (zip !== undefined) throw refuse('header', 'one without zip')
        return typeof key == 'string' ? derive(key, alg, enc) : key
      },
      { keyManagementAlgorithms: [...algs], contentEncryptionAlgorithms: [...encs] },
    )
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code == 'token_invalid') throw error
    throw code == 'ERR_JOSE_ALG_NOT_ALLOWED'
      ? refuse('alg', 'one that is allowed here: see algs and encs')
      : refuse('key', 'one that opens it')
  }
}

/** The key that is made of a secret: as many bytes of its digest as the algorithm needs (OIDC Core section 10.2). */
async function derive(secret: string, alg: string, enc: string): Promise<Uint8Array> {
  const bits = Number((alg == 'dir' ? (/HS(\d+)$/.exec(enc) ?? /(\d+)/.exec(enc)) : /(\d+)/.exec(alg))?.[1])
  const digest = await crypto.subtle.digest(
    bits > 384 ? 'SHA-512' : bits > 256 ? 'SHA-384' : 'SHA-256',
    new TextEncoder().encode(secret),
  )
  return new Uint8Array(digest).slice(0, bits / 8)
}

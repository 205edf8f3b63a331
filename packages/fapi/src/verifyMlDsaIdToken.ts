import { argumentError } from '@genauth-oidc/core/argumentError'
import { ask } from '@genauth-oidc/core/ask'
import { clock } from '@genauth-oidc/core/clock'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { equal } from '@genauth-oidc/core/equal'
import { isObject } from '@genauth-oidc/core/isObject'
import { issuer } from '@genauth-oidc/core/issuer'
import { OidcError, type TokenCheck } from '@genauth-oidc/core/OidcError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { subtle } from '@genauth-oidc/core/subtle'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import { toBytes } from '@genauth-oidc/core/toBytes'
import type { JsonObject, OidcConfig } from '@genauth-oidc/core/types'
import { checkIdToken } from '@genauth-oidc/verify/checkIdToken'
import { readJwt } from '@genauth-oidc/verify/readJwt'
import { refuser } from '@genauth-oidc/verify/refuser'
import type { ExpectedIdToken, IdTokenClaims } from '@genauth-oidc/verify/types'
import { tokenProtocol } from './internal/grant.js'
import { patiently } from '@genauth-oidc/core/patiently'
import type { SignedOptions } from './types.js'

/** A signature algorithm that quantum computers do not break (FIPS 204), as JOSE names it. */
export type MlDsaAlg = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87'

/** What an ID token has to fit. */
export interface ExpectedMlDsaIdToken extends ExpectedIdToken {
  /** The allow-list of algorithms. Default: all three. */
  readonly algs?: readonly MlDsaAlg[] | undefined
}

/**
 * Checks an ID token that is signed with ML-DSA, as `verifyIdToken` checks the others. The platform's WebCrypto must know
 * the algorithm: Node has it since 24.7. The functions that ask for tokens refuse such an ID token; ask with a config whose
 * `protocol` is `oauth`, which leaves ID tokens alone, and hand it to this function before anything of it is used.
 *
 * @param config - an oidc config; its `idTokenSigningAlgs` say nothing here
 * @param idToken - from `TokenResponse.id_token`
 * @param expected - what it has to fit: give the nonce that was sent
 * @param options - `jwks` keeps the provider's keys for 5 minutes: a `Map`, or KV or Redis through unstorage, say. Without one each call
 *   asks for them, and so it does with one that fails or does not answer
 * @returns the claims
 * @throws OidcError `token_invalid` whose `check` names what failed; `unsupported_runtime`; `argument_invalid`,
 *   `config_invalid`; those of every request for the keys
 * @see OIDC Core section 3.1.3.7, FIPS 204
 *
 * @example
 * ```ts
 * import { verifyMlDsaIdToken } from '@genauth-oidc/fapi/verifyMlDsaIdToken'
 * import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
 * import { defineConfig } from '@genauth-oidc/core/defineConfig'
 *
 * const provider = {
 *   appId: 'an-app-id',
 *   issuer: 'https://id.example.com',
 *   endpoints: { token: 'https://id.example.com/token', jwks: 'https://id.example.com/jwks' },
 *   redirectUri: 'https://app.example.com/callback',
 * }
 * const [oidc, oauth] = [defineConfig(provider), defineConfig({ ...provider, protocol: 'oauth' })]
 * const jwks = new Map<string, unknown>()
 * export async function signIn(code: string, codeVerifier: string, nonce: string) {
 *   const { id_token, access_token: accessToken } = await getAccessTokenByCode(oauth, { code, codeVerifier })
 *   return verifyMlDsaIdToken(oidc, id_token!, { nonce, accessToken, fresh: true }, { jwks })
 * }
 * ```
 */
export async function verifyMlDsaIdToken(
  config: OidcConfig,
  idToken: string,
  expected: ExpectedMlDsaIdToken = {},
  options?: SignedOptions,
): Promise<IdTokenClaims<'signed'>> {
  tokenProtocol(config)
  const { algs = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'], ...rest } = requireObject(expected, 'expected')
  if (!(
    Array.isArray(algs) &&
    algs.length &&
    algs.every((alg) => typeof alg == 'string' && /^ML-DSA-(44|65|87)$/.test(alg))
  ))
    throw argumentError('algs', 'a list of ML-DSA-44, ML-DSA-65, ML-DSA-87')
  const refuse = refuser('ID token')
  const { alg, claims, header, signature, signed } = readJwt(idToken, refuse)
  if (!(algs as readonly string[]).includes(alg)) throw refuse('alg', `one of ${algs.join(', ')}`)

  const [key, ...more] = await keys(config, options, ({ alg: own, key_ops = 'verify', kid, kty, priv, use = 'sig' }) =>
    // Such a key is for one algorithm, which it names; a private key in a public set is nobody's proof any more.
    [
      kty === 'AKP',
      own === alg,
      use === 'sig',
      [key_ops].flat().includes('verify'),
      priv === undefined,
      header.kid === undefined || kid === header.kid,
    ].every(Boolean),
  )
  if (!key || more.length) throw refuse('key', 'exactly one of the provider')
  const crypto = subtle()
  let publicKey: CryptoKey
  try {
    // The member `pub` is younger than the types.
    const jwk: object = { kty: 'AKP', alg, pub: key.pub }
    publicKey = await crypto.importKey('jwk', jwk as JsonWebKey, alg, false, ['verify'])
  } catch (error) {
    throw lacking(error, alg) ?? refuse('key', 'usable')
  }
  if (!(await crypto.verify(alg, publicKey, toBytes(signature), new TextEncoder().encode(signed))))
    throw refuse('signature', "the provider's")

  const { accessToken, code, state, ...others } = rest
  const hashes = { at_hash: accessToken, c_hash: code, s_hash: state } as const
  for (const [name, value] of Object.entries(hashes)) {
    const required = expected.frontChannel && name != 's_hash'
    if (value === undefined || (!required && claims[name] === undefined)) continue
    // The hash of the algorithm is SHAKE256, of which the left half is taken.
    const shake = { name: 'cSHAKE256', length: 512, outputLength: 512 }
    const digest = await crypto.digest(shake, new TextEncoder().encode(value)).catch((error: unknown) => {
      throw lacking(error, shake.name) ?? error
    })
    if (!equal(claims[name], toBase64url(digest.slice(0, 32)))) throw refuse(name as TokenCheck, 'the right hash')
  }

  // Signature, algorithm and hashes are judged. The rest is the same for every ID token, and does not know this algorithm.
  const { typ } = header
  // Of the header it looks at no more than that.
  if (typ !== undefined && typeof typ != 'string') throw refuse('typ', 'JWT')
  const head = toBase64url(new TextEncoder().encode(JSON.stringify({ alg: 'EdDSA', typ })))
  const [, payload] = signed.split('.')
  const jwt = await checkIdToken(
    { ...config, idTokenSigningAlgs: ['EdDSA'] },
    `${head}.${payload}.${idToken.split('.')[2]}`,
    others,
    options,
  )
  return jwt.claims as unknown as IdTokenClaims<'signed'>
}

/** The error for a runtime that does not know an algorithm, when that is what went wrong. */
const lacking = (error: unknown, what: string): OidcError | undefined =>
  (error as Error).name == 'NotSupportedError'
    ? new OidcError('unsupported_runtime', `No ${what} in crypto.subtle: use a newer runtime, say Node 24.7.`, {
        missing: 'crypto.subtle',
      })
    : undefined

/** The provider's keys that fit. For one that is not there they are asked for again, at most every 30 seconds. */
async function keys(
  config: OidcConfig,
  { jwks: store, ...options }: SignedOptions = {},
  fits: (key: JsonObject) => boolean,
): Promise<JsonObject[]> {
  const url = endpoint(config, 'jwks', '.well-known/jwks.json')
  const name = `genauth-oidc:ml-dsa-jwks:${issuer(config)} ${url.href}`
  const now = clock(options)
  const wait = async (work: () => unknown) => (store ? patiently(work, config.timeout, options) : undefined)
  const kept = await wait(() => store!.get(name))
  // What a store gives back is judged like an answer of the provider.
  if (isObject(kept) && typeof kept.at == 'number' && Array.isArray(kept.keys)) {
    const age = now - kept.at
    const known = kept.keys.filter(isObject).filter(fits)
    if (age >= 0 && age < (known.length ? 300 : 30)) return known
  }
  return ask(
    config,
    'jwks',
    url,
    () => ({}),
    { ...options, headers: undefined, dpop: undefined },
    async ({ keys }, bad) => {
      if (!Array.isArray(keys)) throw bad('shape', 'no keys')
      await wait(() => store!.set(name, { at: now, keys }))
      return keys.filter(isObject).filter(fits)
    },
  )
}

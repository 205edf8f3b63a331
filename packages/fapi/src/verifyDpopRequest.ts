import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { equal } from '@genauth-oidc/core/equal'
import { isObject } from '@genauth-oidc/core/isObject'
import { knownAlg } from '@genauth-oidc/core/knownAlg'
import { sha } from '@genauth-oidc/core/sha'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import { tolerance } from '@genauth-oidc/core/tolerance'
import type { JsonObject, RequestLike, SigningAlg, TokenConfig } from '@genauth-oidc/core/types'
import { checkAccessToken } from '@genauth-oidc/verify/checkAccessToken'
import { checkAlg } from '@genauth-oidc/verify/checkAlg'
import { checkSignature } from '@genauth-oidc/verify/checkSignature'
import { readJwt } from '@genauth-oidc/verify/readJwt'
import { refuser } from '@genauth-oidc/verify/refuser'
import { uphold } from '@genauth-oidc/verify/uphold'
import type { AccessTokenClaims, ExpectedAccessToken, VerifyOptions } from '@genauth-oidc/verify/types'
import { thumbprint } from './internal/thumbprint.js'

/** What a request with a bound token has to fit. */
export interface ExpectedDpopRequest extends ExpectedAccessToken {
  /** The address that the client called, where a proxy changed what the request says. Default: `request.url`. */
  readonly url?: string | undefined
  /** The allow-list of algorithms of proofs. Default: ES256, PS256, EdDSA, Ed25519. */
  readonly proofAlgs?: readonly Exclude<SigningAlg, 'HS256' | 'HS384' | 'HS512'>[] | undefined
  /** Tells whether the nonce of a proof is one of ours. Left out, none is asked for. */
  readonly nonce?: ((nonce: string | undefined) => boolean | Promise<boolean>) | undefined
  /** Tells whether this proof was seen before, and remembers it until `exp` (epoch seconds): what makes it once-only. */
  readonly seen?: ((jti: string, exp: number) => boolean | Promise<boolean>) | undefined
}

/**
 * Checks, in an API, a request whose access token is bound to a key: the token, the proof, and that both belong together
 * and to this request. A bearer token never passes.
 *
 * @param config - an oidc or oauth config
 * @param request - with the headers `Authorization: DPoP ...` and `DPoP`
 * @param expected - as for `verifyAccessToken`, and what the proof has to fit
 * @param options - `jwks` keeps the provider's keys in a store of your own
 * @returns the token's claims
 * @throws OidcError `token_invalid` whose `check` names what failed (`nonce`: answer 401 with a `DPoP-Nonce` header and
 *   `error="use_dpop_nonce"`; `scope`: 403; else 401); those of every request for the keys
 * @see RFC 9449 sections 4.3 and 7
 *
 * @example
 * ```ts
 * import { verifyDpopRequest } from '@genauth-oidc/fapi/verifyDpopRequest'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const authorize = (request: Request) => verifyDpopRequest(config, request, { scope: 'orders:read' })
 * ```
 */
export async function verifyDpopRequest(
  config: TokenConfig,
  request: RequestLike,
  expected?: ExpectedDpopRequest,
  options?: VerifyOptions,
): Promise<AccessTokenClaims> {
  const { headers, method, url: called } = Object(request) as RequestLike
  if (typeof headers?.get != 'function') throw argumentError('request', 'a Request')
  const { proofAlgs = ['ES256', 'PS256', 'EdDSA', 'Ed25519'], url = called, nonce, seen } = expected ?? {}
  const refuse = refuser('DPoP proof')
  const token = /^dpop +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (!token) throw refuser('Access token')('missing', 'sent with the scheme DPoP')
  const proof = readJwt(headers.get('dpop'), refuse)
  const { claims, header } = proof
  const jwk: JsonObject = isObject(header.jwk) ? header.jwk : {}
  const algs = Array.isArray(proofAlgs) ? proofAlgs.filter((alg: string) => !/^HS/.test(alg)) : []
  if (!algs.length || !algs.every(knownAlg)) throw argumentError('proofAlgs', 'a list of ES256, PS256, ...')
  checkAlg(proof, algs, refuse, 'proofAlgs')
  const now = clock(options)
  const slack = tolerance(config)
  const { jti, iat, exp, nbf } = claims
  const bare = (address: unknown) => {
    try {
      const { origin, pathname } = new URL(address as string)
      return origin + pathname
    } catch {
      return
    }
  }
  const here = bare(url)
  if (!here) throw argumentError('url', 'absolute')
  uphold(refuse, {
    typ: header.typ === 'dpop+jwt' || 'dpop+jwt',
    key: !['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].some((name) => name in jwk) || 'public',
    htm: claims.htm === method || 'the method of this request',
    htu: (typeof claims.htu == 'string' && bare(claims.htu) === here) || 'the address of this request',
    // Made for this request: a proof needs no expiry of its own (RFC 9449 section 11.1), but one that it has counts.
    iat: (Number.isFinite(iat) && Math.abs((iat as number) - now) <= slack + 60) || 'now',
    exp: exp === undefined || (Number.isFinite(exp) && (exp as number) > now - slack) || 'in the future',
    nbf: nbf === undefined || (Number.isFinite(nbf) && (nbf as number) <= now + slack) || 'in the past',
    jti: (typeof jti == 'string' && !!jti && jti.length < 256) || 'a text',
    ath: equal(claims.ath, toBase64url(await sha(token))) || 'the hash of the access token',
  })
  // A key set of one, the proof's own, judged like those of a provider. Were it not taken, nothing is fetched instead.
  const at = Math.floor(now)
  const one = { at, missed: at, keys: [jwk] }
  await checkSignature(config, { ...proof, header: {} }, refuse, {
    now: now * 1000,
    jwks: { get: () => one, set: () => one },
    fetch: async () => Promise.reject(refuse('key', 'usable')),
  })

  const access = await checkAccessToken(config, readJwt(token, refuser('Access token')), expected ?? {}, options)
  const { cnf } = access
  // A token that is bound to a certificate, too, is not proved by the key alone, and the certificate is not seen here.
  if (!isObject(cnf) || 'x5t#S256' in cnf || !equal(cnf.jkt, await thumbprint(jwk)))
    throw refuser('Access token')('cnf', 'bound to the key of the proof')
  const given = typeof claims.nonce == 'string' ? claims.nonce : undefined
  if (nonce && (await nonce(given)) !== true) throw refuse('nonce', 'one from this API')
  if (seen && (await seen(jti as string, Math.ceil((iat as number) + slack + 60))) !== false)
    throw refuse('jti', 'seen for the first time')
  return access
}

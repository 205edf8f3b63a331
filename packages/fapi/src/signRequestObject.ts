import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { isObject } from '@genauth-oidc/core/isObject'
import { issuer } from '@genauth-oidc/core/issuer'
import { randomString } from '@genauth-oidc/core/randomString'
import { requireObject } from '@genauth-oidc/core/requireObject'
import type { RequestOptions, TokenConfig } from '@genauth-oidc/core/types'
import { tokenProtocol } from './internal/grant.js'
import { linkFields } from './internal/linkFields.js'
import { dpopJkt } from './internal/prover.js'
import { readJson } from './internal/readJson.js'
import { seconds } from './internal/seconds.js'
import { signer } from './internal/signer.js'
import type { LinkParams, SigningKey } from './types.js'

/** A link, and what signs it. */
export interface SignedRequestParams extends LinkParams {
  /** The client's private key, or the key with its `kid`. */
  readonly key: SigningKey
  /** Seconds that the request is good for, 1 to 600. Default: 60. */
  readonly expiresIn?: number | undefined
}

/**
 * Signs an authorization request: the link then carries a request object in the place of single parameters. Push it with
 * `pushAuthorizationRequest` to keep it out of the browser too.
 *
 * @param config - an oidc or oauth config; its issuer is whom the request is for
 * @param params - the link and the key
 * @param options - the clock; with `dpop` the key that the code is to be bound to is signed in: only what is inside the
 *   object counts, so `pushAuthorizationRequest` wants it here where the request is not pushed
 * @returns the link with `client_id` and `request`
 * @throws OidcError `argument_invalid`, `config_invalid`
 * @see RFC 9101 sections 4, 5 and 6.3, RFC 9449 section 10
 *
 * @example
 * ```ts
 * import { signRequestObject } from '@genauth-oidc/fapi/signRequestObject'
 * import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   redirectUri: 'https://app.example.com/callback',
 * } as const
 * export const signed = (key: CryptoKey) => signRequestObject(config, { link: buildAuthorizeUrl(config), key })
 * ```
 */
export async function signRequestObject(
  config: TokenConfig,
  params: SignedRequestParams,
  options?: Pick<RequestOptions, 'now' | 'dpop'>,
): Promise<URL> {
  tokenProtocol(config)
  const { key, expiresIn = 60 } = requireObject(params, 'params')
  const life = seconds(expiresIn, 600)
  const fields = linkFields(config, params)
  if (fields.has('request')) throw argumentError('link', 'one that is not signed yet')
  // With the client as its subject it would pass for an assertion that authenticates it (RFC 9101 section 10.8).
  if (fields.has('sub')) throw argumentError('link', 'one without sub')
  const client_id = appId(config)
  // What is JSON or a number is so in the object, too (RFC 9101 section 4).
  const { max_age, claims, authorization_details, ...texts } = Object.fromEntries(fields)
  const [asked, details] = [claims, authorization_details].map((text) => (text === undefined ? text : readJson(text)))
  if ((claims !== undefined && !isObject(asked)) || (authorization_details !== undefined && !Array.isArray(details)))
    throw argumentError('link', 'one whose claims and authorization_details are JSON')
  const resource = fields.getAll('resource')
  const iat = Math.floor(clock(options))
  const sign = signer(key)
  const dpop_jkt = await dpopJkt(options?.dpop)
  const request = await sign(
    {
      ...texts,
      ...(dpop_jkt && { dpop_jkt }),
      ...(resource.length > 1 && { resource }),
      max_age: max_age === undefined ? max_age : +max_age,
      claims: asked,
      authorization_details: details,
      client_id,
      iss: client_id,
      aud: issuer(config),
      jti: randomString(),
      iat,
      nbf: iat,
      exp: iat + life,
    },
    { typ: 'oauth-authz-req+jwt' },
  )
  const url = endpoint(config, 'authorization', 'auth')
  url.searchParams.set('client_id', client_id)
  url.searchParams.set('request', request)
  return url
}

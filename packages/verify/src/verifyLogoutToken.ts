import { appId } from '@genauth-oidc/core/appId'
import { isObject } from '@genauth-oidc/core/isObject'
import { issuer } from '@genauth-oidc/core/issuer'
import { readText } from '@genauth-oidc/core/readText'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { tolerance } from '@genauth-oidc/core/tolerance'
import type { OidcConfig, RequestLike } from '@genauth-oidc/core/types'
import { checkAlg } from './checkAlg.js'
import { idTokenAlgs } from './idTokenAlgs.js'
import { checkSignature } from './checkSignature.js'
import { checkTimes } from './checkTimes.js'
import { readJwt } from './readJwt.js'
import { refuser } from './refuser.js'
import { uphold } from './uphold.js'
import type { ExpectedLogoutToken, LogoutTokenClaims, VerifyOptions } from './types.js'

/**
 * Checks the logout token that a provider posts to the application's back-channel logout address.
 *
 * @param config - an oidc config; the token is signed as its ID tokens are
 * @param token - the token, or the `Request` that brings it as `logout_token` in a form
 * @param expected - `seen` makes each token count once
 * @param options - `jwks` keeps the provider's keys in a store of your own
 * @returns the claims: end the sessions of `sid`, or without one all of `sub`; then answer 200 with `Cache-Control: no-store`
 * @throws OidcError `token_invalid` whose `check` names what failed: answer 400 with `Cache-Control: no-store`
 * @see OpenID Connect Back-Channel Logout 1.0 sections 2.4 to 2.8
 *
 * @example
 * ```ts
 * import { verifyLogoutToken } from '@genauth-oidc/verify/verifyLogoutToken'
 *
 * const config = { appId: 'an-app-id', issuer: 'https://id.example.com' } as const
 * export async function onLogout(request: Request, end: (sub?: string, sid?: string) => Promise<void>) {
 *   const { sub, sid } = await verifyLogoutToken(config, request)
 *   await end(sub, sid)
 *   return new Response(null, { headers: { 'cache-control': 'no-store' } })
 * }
 * ```
 */
export async function verifyLogoutToken(
  config: OidcConfig,
  token: string | RequestLike,
  expected: ExpectedLogoutToken = {},
  options?: VerifyOptions,
): Promise<LogoutTokenClaims> {
  const refuse = refuser('logout token')
  const { seen } = requireObject(expected, 'expected')
  const jwt = readJwt(typeof token == 'string' ? token : await posted(token), refuse)
  const {
    claims,
    header: { typ = 'JWT' },
  } = jwt
  const id = appId(config)
  checkAlg(jwt, idTokenAlgs(config), refuse, 'idTokenSigningAlgs')
  const { events, iss, aud, sub, sid, jti } = claims
  const text = (value: unknown) => typeof value == 'string' && value != ''
  const audiences = [aud].flat()
  uphold(refuse, {
    typ: (typeof typ == 'string' && /^((application\/)?logout\+)?jwt$/i.test(typ)) || 'logout+jwt',
    events:
      (isObject(events) && isObject(events['http://schemas.openid.net/event/backchannel-logout'])) ||
      'the back-channel logout event',
    nonce: claims.nonce === undefined || 'absent',
    iss: iss === issuer(config) || "the config's issuer",
    aud: (audiences.length > 0 && audiences.every((audience) => audience === id)) || 'this appId',
    jti: text(jti) || 'a string',
    sub: (sub === undefined ? sid !== undefined : text(sub)) || 'a string, or there must be a sid',
    sid: sid === undefined || text(sid) || 'a string',
    ...checkTimes(config, claims, options, 300),
  })
  await checkSignature(config, jwt, refuse, options)
  // It is taken until then, and so has to be remembered that long.
  if (seen && (await seen(jti as string, (claims.exp as number) + tolerance(config))) !== false)
    throw refuse('jti', 'seen for the first time')
  return claims as unknown as LogoutTokenClaims
}

async function posted(request: RequestLike): Promise<string | null | undefined> {
  if (
    request?.method !== 'POST' ||
    !/^application\/x-www-form-urlencoded *(;|$)/i.test(request.headers?.get?.('content-type') ?? '')
  )
    return
  // A body that was read before has no token in it any more.
  const { text } = await readText(request, 1 << 17).catch(() => ({ text: '' }))
  return new URLSearchParams(text).get('logout_token')
}

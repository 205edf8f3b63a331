import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { configError } from '@genauth-oidc/core/configError'
import { isObject } from '@genauth-oidc/core/isObject'
import { issuer } from '@genauth-oidc/core/issuer'
import type { OidcConfig, RequestLike } from '@genauth-oidc/core/types'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { checkCallback } from '@genauth-oidc/urls/checkCallback'
import { openCallback } from '@genauth-oidc/urls/openCallback'
import { refuseCallback } from '@genauth-oidc/urls/refuseCallback'
import { checkIdToken } from '@genauth-oidc/verify/checkIdToken'
import { checkSignature } from '@genauth-oidc/verify/checkSignature'
import { readJwt } from '@genauth-oidc/verify/readJwt'
import { refuser } from '@genauth-oidc/verify/refuser'
import type { IdTokenClaims } from '@genauth-oidc/verify/types'
import type { LevelFor, Login, LoginOptions, LoginResponseType, LoginTransaction } from './types.js'

/** A transaction, or what takes it from where it is kept: it is called once, and must delete what it gives. */
export type TransactionSource<R extends LoginResponseType> =
  | LoginTransaction<R>
  | ((state: string) => LoginTransaction<R> | null | undefined | Promise<LoginTransaction<R> | null | undefined>)

/**
 * Completes a sign-in: the callback is the answer to this browser's own request, every ID token holds down to its
 * signature and hashes, and the code is exchanged, once. Nothing is asked of the server until all that can be judged
 * here was judged.
 *
 * @param config - the config that the sign-in was begun with
 * @param callback - the URL that was called, the `Request`, or its parameters
 * @param transaction - from `beginLogin`. As a function it is called with the callback's state and must give the transaction
 *   and delete it in one go: that makes each one good for a single callback. One cookie for each state lets tabs sign in side by side
 * @param options - how to run it; `userInfo: true` asks for that too
 * @returns the tokens, the ID token's claims, and `appState`: now make a session of your own
 * @throws OidcError `authorization_error` (the user said no, say), `callback_invalid`, `token_invalid`, `endpoint_error`,
 *   `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`: nobody is signed in
 * @see OIDC Core sections 3.1 to 3.3, RFC 9207, RFC 9700
 *
 * @example
 * ```ts
 * import { completeLogin } from '@genauth-oidc/login/completeLogin'
 * import type { LoginTransaction } from '@genauth-oidc/login/types'
 *
 * const config = {
 *   appId: 'an-app-id',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 *   redirectUri: 'https://app.example.com/callback',
 * } as const
 * export async function callback(request: Request, transaction: LoginTransaction<'code'>) {
 *   const { claims, tokens } = await completeLogin(config, request, transaction)
 *   return { user: claims.sub, tokens }
 * }
 * ```
 */
export async function completeLogin<
  R extends LoginResponseType = 'code',
  L extends LevelFor<R> = 'signed',
  U extends boolean = false,
>(
  config: OidcConfig,
  callback: string | URL | URLSearchParams | RequestLike,
  transaction: TransactionSource<R>,
  options?: LoginOptions<L, U>,
): Promise<Login<R, IdTokenClaims<L>, U>> {
  // Only OpenID Connect says who the user is.
  if ((config?.protocol ?? 'oidc') != 'oidc') throw configError('protocol', 'use oidc to sign users in')
  const opened = await openCallback(callback)
  let kept: unknown = transaction
  if (typeof transaction == 'function') {
    // The state names the transaction. It is looked up only when it can be one of ours.
    const states = new URLSearchParams(`${opened.form_post}&${opened.query}&${opened.fragment}`).getAll('state')
    const [state = ''] = states
    if (!/^[\w-]{43}$/.test(state) || states.some((other) => other != state))
      throw refuseCallback('state', 'its state is not one of ours')
    kept = await transaction(state)
  }
  if (!isObject(kept))
    throw refuseCallback('transaction', 'it was used before, or begun in another browser or on another host')
  const begun = { ...kept } as unknown as LoginTransaction<R>
  const { state, nonce, codeVerifier, redirectUri, responseType, appState, expiresAt } = begun
  for (const text of [state, nonce, codeVerifier, redirectUri, responseType])
    if (typeof text != 'string' || !text || !/code|id_token/.test(responseType))
      throw refuseCallback('transaction', 'what was kept of its sign-in is damaged')
  if (begun.issuer !== issuer(config) || begun.appId !== appId(config))
    throw refuseCallback('mix_up', 'its sign-in was begun with another provider or application')
  if (!(expiresAt > clock(options))) throw refuseCallback('expired', 'its sign-in was begun too long ago')
  // The origin is not compared: proxies change it.
  const path = (address?: string) => {
    try {
      return new URL(address || redirectUri, redirectUri).pathname
    } catch {
      return
    }
  }
  if (path(opened.address) != path()) throw refuseCallback('redirect_uri', 'not the path of the redirect URI')
  const refuse = refuser('ID token')
  const signed = options?.idToken != 'direct'
  const trustedAudiences = options?.trustedAudiences
  if (!signed && responseType != 'code') throw argumentError('idToken', 'signed unless responseType is code')
  if (options?.userInfo && responseType == 'id_token')
    throw argumentError('userInfo', 'left out without an access token')

  const { code, id_token, access_token, token_type, expires_in } = checkCallback(config, opened, begun) as Partial<
    Record<string, string>
  > & { expires_in?: number }

  // Everything that came through the browser is judged before the code is spent.
  let front: Partial<TokenResponse> | undefined
  let claims: IdTokenClaims | undefined
  if (id_token) {
    const jwt = await checkIdToken(
      config,
      id_token,
      { ...begun, code, accessToken: access_token, trustedAudiences, frontChannel: true, fresh: true },
      options,
    )
    await checkSignature(config, jwt, refuse, options)
    claims = jwt.claims as unknown as IdTokenClaims
    front = {
      id_token,
      ...(access_token && {
        access_token,
        token_type,
        ...(expires_in !== undefined && { expires_in, expires_at: Math.floor(clock(options) + expires_in) }),
      }),
    }
  }
  // The access token of "code token" is bound to nothing: the token endpoint gives one that is.
  let tokens = front && ({ ...front, claims } as TokenResponse)
  if (code) {
    tokens = await getAccessTokenByCode(config, { ...begun, code, trustedAudiences }, options)
    const second = readJwt(tokens.id_token, refuse)
    if (signed) await checkSignature(config, second, refuse, options)
    for (const name of ['iss', 'sub'] as const)
      if (claims && claims[name] !== second.claims[name]) throw refuse(name, 'that of the first one')
    claims = tokens.claims!
  }
  return {
    tokens,
    claims,
    userInfo: options?.userInfo
      ? await getUserInfoByAccessToken(
          config,
          { accessToken: tokens!.access_token, expectedSubject: claims!.sub },
          options,
        )
      : undefined,
    appState,
    ...(code && front && { frontChannel: front }),
  } as unknown as Login<R, IdTokenClaims<L>, U>
}

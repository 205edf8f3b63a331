import { abortable } from '@genauth-oidc/core/abortable'
import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { configError } from '@genauth-oidc/core/configError'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import { issuer } from '@genauth-oidc/core/issuer'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import { sha } from '@genauth-oidc/core/sha'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import type { JsonStore, OidcConfig, RequestOptions } from '@genauth-oidc/core/types'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import type { TokenResponse, UserInfo } from '@genauth-oidc/tokens/types'
import { checkSignature } from '@genauth-oidc/verify/checkSignature'
import { readJwt } from '@genauth-oidc/verify/readJwt'
import { refuser } from '@genauth-oidc/verify/refuser'
import type { CheckedClaims, IdTokenClaims, Level } from '@genauth-oidc/verify/types'

/** What a refresh starts from: what `completeLogin` gave, or the least of it, which fits into a cookie. */
export interface RefreshableLogin {
  readonly tokens: {
    readonly refresh_token?: string
    readonly id_token?: string
    /** Epoch seconds. */
    readonly expires_at?: number
  }
  readonly claims: {
    readonly iss: string
    readonly sub: string
    readonly aud: string | readonly string[]
    readonly azp?: string
    /** Epoch seconds. */
    readonly auth_time?: number
  }
  readonly userInfo?: UserInfo | undefined
  readonly appState?: string | undefined
}

/** A login with new tokens. */
export interface RefreshedLogin<C extends CheckedClaims = IdTokenClaims<'signed'>> {
  readonly tokens: TokenResponse<C> & { readonly refresh_token: string }
  readonly claims: C
  readonly userInfo: UserInfo | undefined
  readonly appState: string | undefined
}

/** How a refresh is run. */
export interface RefreshOptions<L extends Level = Level> extends RequestOptions {
  /** Stores the new login. It is awaited before anybody else may refresh. Of calls that share a refresh, the first one's runs. */
  readonly save?: ((next: RefreshedLogin<CheckedClaims>) => unknown) | undefined
  /**
   * Runs `run` while nobody else, in any process, runs under the same name: a lock in Redis, say. Default: Web Locks in
   * browsers, nothing elsewhere. Give one on Cloudflare Workers: requests share no refresh there, and with rotation the
   * second of two fails with `invalid_grant`.
   */
  readonly lock?: (<T>(name: string, run: () => Promise<T>) => Promise<T>) | undefined
  /** Keeps the provider's keys between calls and isolates. Default: a small cache in memory. */
  readonly jwks?: JsonStore | undefined
  /** `direct` leaves out the signature of a new ID token, as in `completeLogin`. Default: `signed`. */
  readonly idToken?: L | undefined
  /** A login that is read by a function counts as fresh while it is good for more seconds than these. Default: 60. */
  readonly freshFor?: number | undefined
}

// Refreshes under way, by issuer, application and token. They leave when they settle.
const flights = /* @__PURE__ */ new Map<string, Promise<unknown>>()

/**
 * Gets new tokens for a login, once for all who ask at the same time: with rotation a second request would burn the
 * first one's tokens. A caller's signal ends its own waiting, never the shared request.
 *
 * @param config - the config of the sign-in
 * @param login - the login, or a function that reads it from where it is stored. It is then read inside the lock, and what
 *   somebody else has refreshed meanwhile is returned without a request
 * @param options - `save` stores the result, `lock` holds other processes off
 * @returns the login with new tokens
 * @throws OidcError `endpoint_error` (`invalid_grant`: the token is dead, sign in again; any other failure leaves it alive),
 *   `token_invalid`, `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see RFC 6749 section 6, RFC 9700 section 4.14, OIDC Core section 12
 *
 * @example
 * ```ts
 * import { refreshLogin, type RefreshableLogin } from '@genauth-oidc/login/refreshLogin'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' } as const
 * export const renew = (read: () => Promise<RefreshableLogin>, save: (next: RefreshableLogin) => Promise<void>) =>
 *   refreshLogin(config, read, { save })
 * ```
 */
export async function refreshLogin<L extends Level = 'signed'>(
  config: OidcConfig,
  login: RefreshableLogin | (() => RefreshableLogin | Promise<RefreshableLogin>),
  options?: RefreshOptions<L>,
): Promise<RefreshedLogin<IdTokenClaims<L>>> {
  if ((config?.protocol ?? 'oidc') != 'oidc') throw configError('protocol', 'use oidc to sign users in')
  type Next = RefreshedLogin<IdTokenClaims<L>>
  const read = async () => requireObject(await (typeof login == 'function' ? login() : login), 'login')
  const tokenOf = ({ tokens }: RefreshableLogin) => requireString(tokens?.refresh_token, 'login.tokens.refresh_token')
  const first = await read()
  const token = tokenOf(first)
  // A token goes to the server that it came from, and to no other.
  if (first.claims?.iss !== issuer(config) || ![first.claims.aud].flat().includes(appId(config)))
    throw argumentError('login', "one of this config's provider and application")
  // Not by a digest: while one is made, a flight may end, and the old token would go out again.
  const key = [issuer(config), appId(config), token].join(' ')
  const { save, lock, freshFor = 60, signal, ...rest } = options ?? {}

  const judge = async ({ tokens: { id_token } }: RefreshableLogin) => {
    if (options?.idToken != 'direct' && id_token && id_token !== first.tokens.id_token) {
      const refuse = refuser('refreshed ID token')
      await checkSignature(config, readJwt(id_token, refuse), refuse, rest)
    }
  }
  const renew = async (): Promise<Next> => {
    const current = await read()
    const fresh = (some: RefreshableLogin) =>
      tokenOf(some) !== token || (some.tokens.expires_at ?? 0) > clock(options) + freshFor
    if (typeof login == 'function' && fresh(current)) return current as Next
    try {
      const tokens = await getNewAccessTokenByRefreshToken(
        config,
        { refreshToken: token, previous: { id_token: current.tokens.id_token, claims: { ...current.claims } } },
        rest,
      )
      const { userInfo, appState } = current
      const next = { tokens, claims: tokens.claims, userInfo, appState } as unknown as Next
      await judge(next)
      await save?.(next)
      return next
    } catch (error) {
      // Without a lock another process may have been first: then its newer tokens are there by now.
      if (typeof login == 'function' && isOidcError(error, 'endpoint_error') && error.error == 'invalid_grant') {
        const newer = await read()
        if (tokenOf(newer) !== token) return newer as Next
      }
      throw error
    }
  }
  const { locks, userAgent } = (globalThis.navigator ?? {}) as Partial<Navigator>
  const locked = async (): Promise<Next> => {
    if (!lock && !locks) return renew()
    // A lock's name is seen by others: the token is in it as a digest only.
    const name = `genauth-oidc:refresh:${issuer(config)} ${appId(config)} ${toBase64url(await sha(token))}`
    return lock ? lock(name, renew) : (locks!.request(name, renew) as Promise<unknown> as Promise<Next>)
  }
  // On Workers one request may not wait for another's.
  if (userAgent == 'Cloudflare-Workers') return abortable(locked(), { signal }, 'token')
  const shared = flights.get(key) as Promise<Next> | undefined
  const flight = shared ?? locked().finally(() => flights.delete(key))
  if (!shared) flights.set(key, flight)
  const next = await abortable(flight, { signal }, 'token')
  // Whoever began it may have been content with less.
  if (shared) await judge(next)
  return next
}

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
import { idTokenAlgs } from '@genauth-oidc/verify/idTokenAlgs'
import { checkSignature } from '@genauth-oidc/verify/checkSignature'
import { readJwt } from '@genauth-oidc/verify/readJwt'
import { refuser } from '@genauth-oidc/verify/refuser'
import type { CheckedClaims, IdTokenClaims, Level } from '@genauth-oidc/verify/types'

/** What a refresh starts from: what `completeLogin` gave, or the least of it. Keep it on the server: a cookie comes back stale. */
export interface RefreshableLogin {
  readonly tokens: {
    readonly refresh_token?: string | undefined
    /** Without one a login is never fresh. */
    readonly access_token?: string | undefined
    readonly id_token?: string | undefined
    /** Epoch seconds. */
    readonly expires_at?: number | undefined
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
  /**
   * Stores the new login. It is awaited before anybody else may refresh. Of calls that share a refresh, the first one's runs. What
   * it throws comes out, and then the new tokens are lost while the old refresh token may be spent: let it try again by itself.
   */
  readonly save?: ((next: RefreshedLogin<CheckedClaims>) => unknown) | undefined
  /**
   * Runs `run` while nobody else, in any process, runs under the same name: a lock in Redis, say. Default: Web Locks
   * where there are any: in a browser they hold off the other tabs, on a server no other process. Give one on Cloudflare
   * Workers: requests share no refresh there, and with rotation the second of two fails with `invalid_grant`.
   */
  readonly lock?: (<T>(name: string, run: () => Promise<T>) => Promise<T>) | undefined
  /** Keeps the provider's keys between calls and isolates. Default: a small cache in memory. */
  readonly jwks?: JsonStore | undefined
  /** `direct` leaves out the signature of a new ID token, as in `completeLogin`. Default: `signed`. */
  readonly idToken?: L | undefined
  /** A login that is read by a function counts as fresh while it is good for more seconds than these. Default: 60. */
  readonly freshFor?: number | undefined
}

interface Renewed {
  readonly next: unknown
  /** Whether a server was asked, now or by somebody else meanwhile. */
  readonly asked: boolean
}

// Refreshes under way, by issuer, application and token. They leave when they settle.
const flights = /* @__PURE__ */ new Map<string, Promise<Renewed>>()

/**
 * Gets new tokens for a login, once for all who ask at the same time: with rotation a second request would burn the
 * first one's tokens. A caller's signal ends its own waiting, never the shared request.
 *
 * @param config - the config of the sign-in
 * @param login - the login, or a function that reads it from where it is stored. It is then read inside the lock, and what
 *   somebody else has refreshed meanwhile is returned without a request
 * @param options - `save` stores the result, `lock` holds other processes off
 * @returns the login with new tokens
 * @throws OidcError `endpoint_error` (`invalid_grant`: the token is dead, sign in again; any other leaves it alive),
 *   `token_invalid` (a provider that rotates has spent it by then), `response_invalid`, `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
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
  const { save, lock, freshFor = 60, signal, ...rest } = options ?? {}
  const { locks, userAgent } = (globalThis.navigator ?? {}) as Partial<Navigator>
  const owner = `${issuer(config)} ${appId(config)}`
  const stored = typeof login == 'function'
  const read = async () => {
    const some = requireObject(await (stored ? login() : login), 'login')
    // A token goes to the server that it came from, and to no other.
    if (some.claims?.iss !== issuer(config) || ![some.claims.aud].flat().includes(appId(config)))
      throw argumentError('login', "one of this config's provider and application")
    return some
  }
  const tokenOf = ({ tokens }: RefreshableLogin) => requireString(tokens?.refresh_token, 'login.tokens.refresh_token')
  if (options?.idToken != 'direct' && !config.secret && [idTokenAlgs(config)].flat().every((alg) => /^HS/.test(alg)))
    // Found out later, the token would be spent by then.
    throw argumentError('idToken', "'direct' without a secret, or sign with RS256")
  // Who has left already begins nothing: what it would get is lost.
  const first = await abortable(read(), { signal }, 'token', false)
  const token = tokenOf(first)
  const fresh = (some: RefreshableLogin) =>
    tokenOf(some) !== token || (some.tokens.access_token && (some.tokens.expires_at ?? 0) > clock(options) + freshFor)

  const refuse = refuser('refreshed ID token')
  const judge = async ({ id_token }: RefreshableLogin['tokens'], stop: typeof signal) => {
    if (options?.idToken != 'direct' && id_token && id_token !== first.tokens.id_token) {
      await checkSignature(config, readJwt(id_token, refuse), refuse, { ...rest, signal: stop })
    }
  }
  const refresh = async ({ tokens: { id_token }, claims, userInfo, appState }: RefreshableLogin): Promise<Next> => {
    const previous = { id_token, claims: { ...claims } }
    let tokens = await getNewAccessTokenByRefreshToken(config, { refreshToken: token, previous }, rest)
    // Whoever waits for keys, the new token has to be stored.
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), 10_000)
    try {
      await judge(tokens, late.signal)
    } catch (error) {
      const refused = isOidcError(error, 'token_invalid') && error
      // With HMAC there is no key to wait for: the application has it, or never will.
      if (refused && (refused.check != 'key' || /^HS/.test(readJwt(tokens.id_token, refuse).alg))) throw refused
      // The key can't be had, and the old token is spent: the new one is kept, without the ID token that nobody judged.
      tokens = { ...tokens, ...previous } as typeof tokens
    } finally {
      clearTimeout(timer)
    }
    return { tokens, claims: tokens.claims, userInfo, appState } as unknown as Next
  }
  /** What somebody else has stored meanwhile: without a lock for all processes (Web Locks are none) it may be about to. */
  const newer = async () => {
    for (let tries = lock ? 1 : 6; tries--;) {
      const some = await read().catch(() => undefined)
      // One without a token has been signed out.
      if ((some?.tokens?.refresh_token ?? token) !== token) return some as Next
      if (tries) await new Promise((resolve) => setTimeout(resolve, 200))
    }
    return
  }
  const renew = async (): Promise<Renewed> => {
    const current = await read()
    if (stored && fresh(current)) return { next: current, asked: false }
    try {
      const next = await refresh(current)
      await save?.(next)
      return { next, asked: true }
    } catch (error) {
      const dead = stored && isOidcError(error, 'endpoint_error') && error.error == 'invalid_grant'
      const next = dead && (await newer())
      if (next) return { next, asked: true }
      throw error
    }
  }
  const locked = async (): Promise<Renewed> => {
    if (!lock && !locks) return renew()
    // A lock's name is seen by others: the token is in it as a digest only.
    const name = `genauth-oidc:refresh:${owner} ${toBase64url(await sha(token))}`
    return lock ? lock(name, renew) : (locks!.request(name, renew) as Promise<unknown> as Promise<Renewed>)
  }
  // On Workers one request may not wait for another's.
  const alone = userAgent == 'Cloudflare-Workers'
  // Not by a digest: while one is made, a flight may end, and the old token would go out again.
  const key = `${owner} ${token}`
  const shared = alone ? undefined : flights.get(key)
  const flight = shared ?? locked().finally(() => flights.delete(key))
  if (!alone) flights.set(key, flight)
  const renewed = (await abortable(flight, { signal }, 'token')) as Renewed | undefined
  if (!renewed?.next) throw argumentError('options.lock', 'a function that returns what it ran')
  const next = renewed.next as Next
  // Somebody else has stored a newer login, but not all of it.
  if (!next.tokens.access_token) return refreshLogin(config, stored ? login : next, options)
  if (shared) {
    // Whoever began it may have been content with less: with a login that was fresh enough, or not signed.
    if (!renewed.asked && !(stored && fresh(next))) return refreshLogin(config, login, options)
    await judge(next.tokens, signal)
  }
  return next
}

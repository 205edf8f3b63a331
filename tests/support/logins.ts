/** A provider's part of a sign-in, for tests: the callback that the browser makes, and the answers of its endpoints. */
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import type { LoginOptions, LoginResponseType, LoginTransaction } from '@genauth-oidc/login/types'
import type { OidcConfig } from '@genauth-oidc/core/types'
import {
  appId,
  at,
  config as confidential,
  fakeFetch,
  halfHash,
  idClaims,
  issuer,
  jwt,
  nonce,
  now,
  redirectUri,
  subject,
  type Call,
  type Claims,
  type How,
} from './tokens.js'

export const responseTypes = [
  'code',
  'id_token',
  'id_token token',
  'code id_token',
  'code token',
  'code id_token token',
] as const satisfies LoginResponseType[]

export type Mode = 'query' | 'fragment' | 'form_post'

/** The modes that a response type may come in; the first one is its default. */
export const modesOf = (responseType: LoginResponseType): Mode[] =>
  responseType === 'code' ? ['query', 'fragment', 'form_post'] : ['fragment', 'form_post']

export const has = (responseType: string, what: string) => responseType.split(' ').includes(what)

export const state = 'the-state-of-43-characters-in-base64url-abc'
export const code = 'SplxlOBeZQQYbYS6WxSbIA'
export const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

export const transactionOf = <R extends LoginResponseType>(
  responseType: R,
  changes: Partial<LoginTransaction<R>> = {},
): LoginTransaction<R> => ({
  state,
  nonce,
  codeVerifier,
  issuer,
  appId,
  redirectUri,
  responseType,
  scope: 'openid',
  expiresAt: now + 600,
  ...changes,
})

/** What goes otherwise than it should. */
export interface Script {
  readonly responseType: LoginResponseType
  readonly mode?: Mode | undefined
  /** The parameters of the callback, laid over the right ones; `undefined` leaves one out. */
  readonly params?: Readonly<Record<string, string | undefined>> | undefined
  /** Put behind the parameters as it is, say to repeat one. */
  readonly more?: string | undefined
  /** Where the parameters stand, when it is not where they belong. */
  readonly place?: Mode | 'json' | undefined
  /** The address that is called. */
  readonly address?: string | undefined
  /** Claims of the front-channel ID token, and how it is signed. */
  readonly front?: Claims | undefined
  readonly frontHow?: How | undefined
  /** Claims of the token endpoint's ID token, and how it is signed. */
  readonly second?: Claims | undefined
  readonly secondHow?: How | undefined
  /** The token answer, laid over the right one. */
  readonly tokens?: Claims | undefined
  /** In place of an answer. */
  readonly answer?: ((call: Call) => unknown) | undefined
  readonly transaction?: Claims | undefined
  readonly config?: Partial<OidcConfig> | undefined
}

/** The callback that the provider sends the browser to. */
export function callbackOf(script: Script): string | Request {
  const { responseType, mode = modesOf(responseType)[0], front, frontHow } = script
  const alg = frontHow?.alg
  const params: Record<string, string | undefined> = {
    state,
    iss: has(responseType, 'id_token') ? undefined : issuer,
    code: has(responseType, 'code') ? code : undefined,
    id_token: has(responseType, 'id_token')
      ? jwt(
          idClaims({
            ...(has(responseType, 'code') && { c_hash: halfHash(code, alg) }),
            ...(has(responseType, 'token') && { at_hash: halfHash('front-at', alg) }),
            ...front,
          }),
          frontHow,
        )
      : undefined,
    ...(has(responseType, 'token') && { access_token: 'front-at', token_type: 'Bearer', expires_in: '60' }),
    ...script.params,
  }
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined) form.set(name, value)
  const text = form.toString() + (script.more ?? '')
  const { place = mode, address = redirectUri } = script
  if (place === 'form_post') return new Request(address, { method: 'POST', body: text, headers: formType })
  if (place === 'json')
    return new Request(address, { method: 'POST', body: JSON.stringify(Object.fromEntries(form)), headers: jsonType })
  return `${address}${place === 'query' ? '?' : '#'}${text}`
}
const formType = { 'content-type': 'application/x-www-form-urlencoded' }
const jsonType = { 'content-type': 'application/json' }

/** Plays a sign-in's second half: what comes of it, and what was asked meanwhile. */
export async function play(script: Script, options?: LoginOptions) {
  const { responseType, mode, second, secondHow } = script
  const { fetch, calls } = fakeFetch((call) => {
    if (script.answer) return script.answer(call)
    if (call.url.pathname.endsWith('/me')) return { sub: subject, email: 'alice@example.com' }
    return {
      access_token: 'back-at',
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid',
      refresh_token: 'back-rt',
      id_token: jwt(idClaims({ at_hash: halfHash('back-at', secondHow?.alg), ...second }), secondHow),
      ...script.tokens,
    }
  })
  const transaction = { ...transactionOf(responseType, { responseMode: mode }), ...script.transaction }
  const config = { ...confidential, fetch, ...script.config } as OidcConfig
  const outcome = await completeLogin(config, callbackOf(script), transaction as LoginTransaction, {
    ...at(),
    ...(options as object),
  }).then(
    (login) => ({ login, error: undefined }),
    (error: unknown) => ({ login: undefined, error: error as Error & Claims }),
  )
  return { ...outcome, calls }
}

import { inspect } from 'node:util'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { OidcError, OidcErrorCode } from '@genauth-oidc/core/OidcError'
import type { ConfigInput, FetchLike, OauthConfig, OidcConfig } from '@genauth-oidc/core/types'
import { signIn, type SignInOptions, type SignInResult } from '@genauth-oidc/emulator/signIn'
import type { EmulatorApp } from '@genauth-oidc/emulator/types'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { readCallback } from '@genauth-oidc/urls/readCallback'
import type { AuthorizeParams } from '@genauth-oidc/urls/types'
import { expect } from 'vitest'

/** The protocols that have tokens. */
export type TokenProtocol = 'oidc' | 'oauth'

/** The checked config of an application of the emulator. */
export function configOf(app: EmulatorApp, more: Partial<ConfigInput<'oidc'>> = {}): OidcConfig {
  return defineConfig({ ...app.config, ...more } as ConfigInput<'oidc'>)
}

/** The same application by either protocol. */
export function configBy(protocol: TokenProtocol, app: EmulatorApp, fetch?: FetchLike): OidcConfig | OauthConfig {
  return defineConfig<TokenProtocol>({ ...app.config, ...(fetch && { fetch }), protocol })
}

/** What a person's browser brings back: for a form_post the request that it makes, else the address it ends at. */
export const callbackOf = ({ url, method, body }: SignInResult): string | Request =>
  method === 'GET'
    ? url
    : new Request(url, {
        method,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        ...(body !== undefined && { body }),
      })

/** A code, with the nonce and the state of its link. */
export interface Code {
  readonly code: string
  readonly nonce: string | undefined
  readonly state: string
}

/** Signs in, and reads the code from the callback. */
export async function codeOf(
  config: OidcConfig | OauthConfig,
  params: AuthorizeParams<'code'> = {},
  options: SignInOptions = {},
): Promise<Code> {
  const url = buildAuthorizeUrl(config as OidcConfig, params)
  const state = url.searchParams.get('state') ?? ''
  const { code } = await readCallback(config, callbackOf(await signIn(url, options)), { state })
  return { code, state, nonce: url.searchParams.get('nonce') ?? undefined }
}

/** The scope that brings a refresh token. */
export const OFFLINE = { scope: 'openid profile email phone offline_access' }

/** Signs in and exchanges the code; with a refresh token, which plain OAuth 2.0 always gives. */
export async function tokensOf(
  config: OidcConfig | OauthConfig,
  params: AuthorizeParams<'code'> = config.protocol === 'oauth' ? {} : OFFLINE,
  options: SignInOptions = {},
): Promise<TokenResponse & { readonly refresh_token: string; readonly id_token: string }> {
  const { code, nonce } = await codeOf(config, params, options)
  const tokens = await getAccessTokenByCode(config, { code, ...(config.protocol !== 'oauth' && { nonce }) })
  return tokens as TokenResponse & { readonly refresh_token: string; readonly id_token: string }
}

/**
 * Waits for a call to fail with an error of this kind, whose message, fields, JSON and inspection hold none of the
 * secrets, and whose message holds none of the server's words.
 */
export async function failure<C extends OidcErrorCode>(
  call: Promise<unknown>,
  code: C,
  secrets: readonly (string | undefined)[] = [],
): Promise<OidcError<C>> {
  const error: unknown = await call.then(
    () => expect.unreachable('the call succeeded'),
    (reason: unknown) => reason,
  )
  if (!isOidcError(error, code)) throw error
  const { message } = error
  const shown = [message, error.stack, JSON.stringify(error), inspect(error, { showHidden: true, depth: 9 })].join('\n')
  for (const secret of secrets) {
    expect(secret, 'a secret to look for').toMatch(/./)
    expect(shown).not.toContain(secret)
  }
  const { errorDescription, vendorMessage } = error as { errorDescription?: string; vendorMessage?: string }
  for (const words of [errorDescription, vendorMessage]) if (words) expect(message).not.toContain(words)
  return error
}

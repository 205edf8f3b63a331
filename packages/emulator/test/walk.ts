import { createHash, randomBytes } from 'node:crypto'
import { signIn, type SignInOptions } from '../src/signIn.js'
import type { Emulator, EmulatorApp } from '../src/types.js'

/** Parameters of a request; undefined leaves one of the usual ones out. */
export type Params = Readonly<Record<string, string | undefined>>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the endpoint answers
  readonly json: any
}

export interface Tokens {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token: string
  readonly scope: string
  readonly expires_in: number
}

const given = (params: Params): [string, string][] =>
  Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]]))

export async function read(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
}

/** An authorization URL of the first application, or of `app`. */
export function authorizeUrl(
  emulator: Emulator,
  params: Params = {},
  app: EmulatorApp = emulator.apps[0],
  protocol: 'oidc' | 'oauth' = 'oidc',
): URL {
  const url = new URL(`${emulator.appHost}/${protocol}/auth`)
  const all = {
    client_id: app.appId,
    redirect_uri: app.redirectUris[0],
    response_type: 'code',
    scope: protocol === 'oidc' ? 'openid profile email phone address' : 'user',
    state: 'the-state',
    nonce: 'the-nonce',
    ...params,
  }
  for (const [name, value] of given(all)) url.searchParams.set(name, value)
  return url
}

export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`, 'utf8').toString('base64')}`

/** A POST with the secret of `app` in the body, or as `params` and `headers` have it. */
export async function post(
  emulator: Emulator,
  path: string,
  params: Params,
  app: EmulatorApp = emulator.apps[0],
  headers: Record<string, string> = {},
): Promise<Answer> {
  const all = headers['authorization'] ? params : { client_id: app.appId, client_secret: app.secret, ...params }
  return read(await fetch(emulator.appHost + path, { method: 'POST', headers, body: new URLSearchParams(given(all)) }))
}

export const get = async (emulator: Emulator, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  read(await fetch(emulator.appHost + path, { headers, redirect: 'manual' }))

/** The parameters of a callback, wherever they are. */
export function paramsOf({ url, body }: { readonly url: string; readonly body?: string }): URLSearchParams {
  const { hash, search } = new URL(url)
  return new URLSearchParams(body ?? (hash ? hash.slice(1) : search))
}

/** Signs in and exchanges the code. */
export async function signInForTokens(
  emulator: Emulator,
  params: Params = {},
  app: EmulatorApp = emulator.apps[0],
  options: SignInOptions = {},
  protocol: 'oidc' | 'oauth' = 'oidc',
): Promise<{ readonly tokens: Tokens; readonly callback: URLSearchParams }> {
  const callback = paramsOf(await signIn(authorizeUrl(emulator, params, app, protocol), options))
  const answer = await post(
    emulator,
    `/${protocol}/token`,
    { grant_type: 'authorization_code', code: callback.get('code') ?? '', redirect_uri: app.redirectUris[0] },
    app,
  )
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
  return { tokens: answer.json, callback }
}

/** Scope and prompt that give a refresh token. */
export const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' }

export function makePkce(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

import { defineConfig } from '@genauth-oidc/core/defineConfig'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { OidcError, OidcErrorCode } from '@genauth-oidc/core/OidcError'
import type { ConfigInput, OidcConfig } from '@genauth-oidc/core/types'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { readCallback } from '@genauth-oidc/urls/readCallback'
import type { AuthorizeParams } from '@genauth-oidc/urls/types'

/** What one runtime is asked to do, by sentences about it. */
export type Cases = Readonly<Record<string, () => Promise<void>>>

/** What the server beside the emulator tells a runtime before the first case. */
export interface Fixture {
  readonly issuer: string
  /** What `defineConfig` takes for each application of the emulator. */
  readonly apps: Readonly<Record<string, ConfigInput<'oidc'>>>
  /** Tokens of a second provider, signed by Node with every algorithm; each with its forged twin. */
  readonly signed: {
    readonly config: ConfigInput<'oidc'>
    readonly tokens: readonly { readonly alg: string; readonly token: string; readonly forged: string }[]
  }
  /** A transaction that Node has sealed. */
  readonly sealed: { readonly key: string; readonly text: string; readonly state: string }
  /** An address where nobody listens. */
  readonly closed: string
}

/** Where a callback arrives, and how. */
export interface Arrival {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly body?: string
}

/** What the cases are run against: the emulator, and beside it a server that plays the person and odd providers. */
export interface World extends Fixture {
  /** The checked config of an application. */
  config(app: string, more?: Partial<ConfigInput<'oidc'>>): OidcConfig
  /** Follows an authorization URL as a person with a browser does, to the callback. */
  arrive(url: URL, how?: { readonly user?: string; readonly deny?: boolean }): Promise<Arrival>
  /** The same, as what `readCallback` takes: an address, or the request of a form_post. */
  callback(url: URL, how?: { readonly user?: string; readonly deny?: boolean }): Promise<string | Request>
  /** The address of an odd endpoint, and how often it was asked. */
  odd(what: string): { readonly url: string; count(): Promise<number>; dropped(): Promise<boolean> }
  /** Hands JSON to the server in the Node parent, and gives its answer. */
  post(path: string, body: unknown): Promise<unknown>
}

/** The scope that brings a refresh token. */
export const OFFLINE = 'openid profile email offline_access'

/** Asks the server at this address for its fixture. */
export async function openWorld(control: string): Promise<World> {
  const post = async (path: string, body: unknown): Promise<unknown> =>
    (await fetch(`${control}${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
  const get = async (path: string): Promise<unknown> => (await fetch(`${control}${path}`)).json()
  const fixture = (await get('/fixture')) as Fixture
  const arrive: World['arrive'] = async (url, how = {}) =>
    (await post('/sign-in', { url: url.href, ...how })) as Arrival
  return {
    ...fixture,
    post,
    arrive,
    config: (app, more = {}) => defineConfig({ ...fixture.apps[app]!, ...more } as ConfigInput<'oidc'>),
    callback: async (address, how) => {
      const { url, method, body } = await arrive(address, how)
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return method === 'GET' ? url : new Request(url, { method, headers, ...(body !== undefined && { body }) })
    },
    odd: (what) => {
      const id = crypto.randomUUID()
      return {
        url: `${control}/odd/${what}/${id}`,
        count: async () => ((await get(`/seen/${id}`)) as { count: number }).count,
        dropped: async () => ((await get(`/seen/${id}`)) as { dropped: boolean }).dropped,
      }
    },
  }
}

/** Signs in and exchanges the code. */
export async function tokensOf(
  { callback }: World,
  config: OidcConfig,
  params: AuthorizeParams<'code'> = { scope: OFFLINE },
): Promise<TokenResponse & { readonly refresh_token: string; readonly id_token: string }> {
  const url = buildAuthorizeUrl(config, params)
  const { code } = await readCallback(config, await callback(url), { state: url.searchParams.get('state') ?? '' })
  const nonce = url.searchParams.get('nonce')
  return (await getAccessTokenByCode(config, { code, nonce })) as TokenResponse & {
    readonly refresh_token: string
    readonly id_token: string
  }
}

/** Fails unless it holds; every runtime has this much of an assertion library. */
export function holds(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

/** Fails unless both are the same JSON. */
export function same(actual: unknown, expected: unknown, what = 'value'): void {
  const [left, right] = [actual, expected].map((value) => JSON.stringify(value))
  holds(left === right, `the ${what} is ${left}, not ${right}`)
}

/** Waits for a call to fail with this code, and looks for what must not be in the error. */
export async function fails<C extends OidcErrorCode>(
  call: Promise<unknown>,
  code: C,
  fields: Readonly<Record<string, unknown>> = {},
  secrets: readonly (string | undefined)[] = [],
): Promise<OidcError<C>> {
  const error: unknown = await call.then(
    () => new Error(`it succeeded instead of failing with ${code}`),
    (reason: unknown) => reason,
  )
  if (!isOidcError(error, code)) throw error
  for (const [name, value] of Object.entries(fields))
    same((error as unknown as Record<string, unknown>)[name], value, name)
  const shown = `${error.message} ${error.stack} ${JSON.stringify(error)}`
  for (const secret of secrets) holds(secret && !shown.includes(secret), 'the error shows a secret')
  return error
}

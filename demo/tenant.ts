import { createInterface } from 'node:readline'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { AuthMethod, ConfigInput, FetchLike, OidcConfig, SigningAlg } from '@genauth-oidc/core/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import type { LoginTransaction } from '@genauth-oidc/login/types'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { createReport, reasonOf, short, type Output, type Trace } from './report.js'

/** The variables that name a tenant: all of them or none. */
export const TENANT_VARIABLES = [
  'GENAUTH_APP_HOST',
  'GENAUTH_APP_ID',
  'GENAUTH_APP_SECRET',
  'GENAUTH_REDIRECT_URI',
] as const

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>

function configOf(env: Env, send: FetchLike): OidcConfig {
  const { GENAUTH_ID_TOKEN_ALG: alg, GENAUTH_AUTH_METHOD: method } = env
  return defineConfig({
    appHost: env['GENAUTH_APP_HOST'],
    appId: env['GENAUTH_APP_ID'],
    secret: env['GENAUTH_APP_SECRET'],
    redirectUri: env['GENAUTH_REDIRECT_URI'],
    // It opens loopback only: a tenant on this machine is an emulator.
    allowInsecureRequests: env['GENAUTH_APP_HOST']?.startsWith('http:') ?? false,
    ...(alg && { idTokenSigningAlgs: [alg as SigningAlg] }),
    ...(method && { tokenEndpointAuthMethod: method as AuthMethod }),
    fetch: send,
  } satisfies ConfigInput<'oidc'>)
}

/** The first line that says anything, or undefined at the end of the input. */
async function pasted(input: NodeJS.ReadableStream): Promise<string | undefined> {
  const lines = createInterface({ input, crlfDelay: Infinity })
  try {
    for await (const line of lines) if (line.trim() !== '') return line.trim()
    return undefined
  } finally {
    lines.close()
  }
}

/** What to change when a tenant's settings are not the defaults. */
function remedyOf(error: unknown, env: Env): string | undefined {
  if (isOidcError(error, 'token_invalid') && error.check === 'alg' && !env['GENAUTH_ID_TOKEN_ALG'])
    return 'If the application signs ID tokens with RS256, set GENAUTH_ID_TOKEN_ALG=RS256.'
  if (isOidcError(error, 'endpoint_error') && error.error === 'invalid_client' && !env['GENAUTH_AUTH_METHOD'])
    return 'If the application does not use client_secret_post, set GENAUTH_AUTH_METHOD=client_secret_basic or none.'
  return undefined
}

/**
 * Prints the links of a tenant, and exchanges what is pasted in: the whole callback URL, or the code alone.
 *
 * @param env - the four variables, and if need be GENAUTH_ID_TOKEN_ALG and GENAUTH_AUTH_METHOD
 * @param input - where the callback is pasted
 * @param output - where to write
 * @param send - what carries the requests
 * @returns the exit code
 */
export async function tenant(
  env: Env,
  input: NodeJS.ReadableStream,
  output: Output,
  send: FetchLike = fetch,
): Promise<number> {
  let last: Trace | undefined
  const { say, section, step, counts } = createReport(output, {
    take: () => {
      const trace = last
      last = undefined
      return trace
    },
  })
  const missing = TENANT_VARIABLES.filter((name) => !env[name])
  if (missing.length > 0) {
    say(`✗ ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not set.`, 'red')
    say(`A tenant needs all of ${TENANT_VARIABLES.join(', ')}; unset them all to see the emulator at work.`)
    return 1
  }

  let config: OidcConfig
  try {
    config = configOf(env, (url, init) => {
      last = { method: init.method, path: new URL(url).pathname }
      return send(url, init)
    })
  } catch (error) {
    say(`✗ The variables are not usable: ${reasonOf(error)}`, 'red')
    return 1
  }
  const { url, transaction } = await beginLogin(config)
  const links = {
    'Sign in, code with PKCE': url,
    'Sign in, with a refresh token': buildAuthorizeUrl(config, { scope: 'openid profile offline_access' }),
    'Sign in, implicit': buildAuthorizeUrl(config, { responseType: 'id_token token' }),
    'Sign out': buildLogoutUrl(config),
  }
  say(`The links of ${config.appId} at ${config.appHost ?? ''}`, 'bold')
  for (const [what, href] of Object.entries(links)) {
    say()
    say(what, 'dim')
    say(href.href, 'cyan')
  }
  say()
  say('Open the first link, sign in, and paste the address that the browser ends at, or the code in it:')
  const text = await pasted(input)
  if (text === undefined) {
    say('Nothing was pasted, so nothing was exchanged.')
    return 0
  }

  let failure: unknown
  const kept = <T>(act: () => Promise<T>) =>
    act().catch((error: unknown) => {
      failure = error
      throw error
    })
  await section('The exchange', [24, 16], async () => {
    const { tokens, sub } = await exchange(config, text, transaction, (name, act, show) =>
      step(name, () => kept(act), show),
    )
    await step(
      'getUserInfoByAccessToken',
      () => kept(() => getUserInfoByAccessToken(config, { accessToken: tokens.access_token, expectedSubject: sub })),
      (user) => user.email ?? user.name ?? user.sub,
    )
  })
  const remedy = remedyOf(failure, env)
  if (remedy) say(`    ${remedy}`)
  return counts().failed === 0 ? 0 : 1
}

type Step = <T>(name: string, act: () => Promise<T>, show: (result: T) => string) => Promise<T>

async function exchange(config: OidcConfig, text: string, transaction: LoginTransaction<'code'>, step: Step) {
  // A code alone has no state beside it: whose browser it came from is then the word of who pasted it.
  if (!/^[/?#]|:\/\//.test(text)) {
    const { codeVerifier, nonce } = transaction
    const tokens = await step(
      'getAccessTokenByCode',
      () => getAccessTokenByCode(config, { code: text, codeVerifier, nonce }),
      ({ access_token, id_token }) => `access ${short(access_token)}, id ${short(id_token)}`,
    )
    const { sub } = await step(
      'verifyIdToken',
      () => verifyIdToken(config, tokens.id_token ?? '', { nonce, accessToken: tokens.access_token }),
      (claims) => `signature and claims hold, sub ${short(claims.sub)}`,
    )
    return { tokens, sub }
  }
  const { tokens, claims } = await step(
    'completeLogin',
    () => completeLogin(config, text, transaction),
    (login) =>
      `access ${short(login.tokens.access_token)}, id ${short(login.tokens.id_token)}, sub ${short(login.claims.sub)}`,
  )
  return { tokens, sub: claims.sub }
}

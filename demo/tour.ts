import { defineConfig } from '@genauth-oidc/core/defineConfig'
import { extendConfig } from '@genauth-oidc/core/extendConfig'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { OidcErrorCode } from '@genauth-oidc/core/OidcError'
import type { ConfigPatch, FetchLike, OauthConfig, OidcConfig } from '@genauth-oidc/core/types'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { signOut } from '@genauth-oidc/emulator/signOut'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { EmulatorRequest } from '@genauth-oidc/emulator/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import type { Login, LoginTransaction } from '@genauth-oidc/login/types'
import { generateCodeChallenge } from '@genauth-oidc/pkce/generateCodeChallenge'
import { generateCodeChallengeDigest } from '@genauth-oidc/pkce/generateCodeChallengeDigest'
import { getAccessTokenByClientCredentials } from '@genauth-oidc/tokens/getAccessTokenByClientCredentials'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
import type { IntrospectionResponse, TokenResponse } from '@genauth-oidc/tokens/types'
import { validateToken } from '@genauth-oidc/tokens/validateToken'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
import { readCallback } from '@genauth-oidc/urls/readCallback'
import type { AuthorizeParams } from '@genauth-oidc/urls/types'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { createReport, reasonOf, short, type Output, type Trace } from './report.js'

/** RFC 7636 appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

const HOUR = 3_600_000

const stateOf = (url: URL): string => url.searchParams.get('state') ?? ''
const nonceOf = (url: URL): string => url.searchParams.get('nonce') ?? ''
const told = (tokens: TokenResponse): string =>
  [
    `access ${short(tokens.access_token)}`,
    tokens.id_token && `id ${short(tokens.id_token)}`,
    tokens.refresh_token && `refresh ${short(tokens.refresh_token)}`,
  ]
    .filter(Boolean)
    .join(', ')
const liveness = (answer: IntrospectionResponse): string =>
  answer.active ? `active, sub ${short(answer.sub)}` : 'active: false'

/** Says what a step that was to show something showed instead. */
function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}

/** Puts another email address into a token and leaves its signature as it was. */
function forge(idToken: string): string {
  const [header, payload, signature] = idToken.split('.')
  const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as object
  const changed = Buffer.from(JSON.stringify({ ...claims, email: 'mallory@example.com' })).toString('base64url')
  return [header, changed, signature].join('.')
}

/**
 * Shows every function of the SDK page at work against a GenAuth on this machine, which it starts and stops.
 *
 * @param output - where to write
 * @param send - what carries the requests; a test makes it fail
 * @returns the exit code: 1 when a step failed
 */
export async function tour(output: Output, send: FetchLike = fetch): Promise<number> {
  const started = Date.now()
  const visits: EmulatorRequest[] = []
  const emulator = await startEmulator({
    apps: [
      { name: 'Sample app' },
      {
        name: 'Basic app',
        authMethods: {
          token: 'client_secret_basic',
          introspection: 'client_secret_basic',
          revocation: 'client_secret_basic',
        },
      },
      { name: 'Browser app', public: true },
      { name: 'Another app' },
    ],
    onRequest: (request) => visits.push(request),
  })

  let last: Trace | undefined
  const take = (): Trace | undefined => {
    const trace = last
    last = undefined
    return trace
  }
  const traced: FetchLike = (url, init) => {
    last = { method: init.method, path: new URL(url).pathname }
    return send(url, init)
  }
  /** A link is a GET that the browser will make. */
  const link = (url: URL): URL => {
    last = { method: 'GET', path: url.pathname }
    return url
  }
  const [config, basic, browser, another] = emulator.apps.map((app) =>
    defineConfig({ ...app.config, fetch: traced }),
  ) as [OidcConfig, OidcConfig, OidcConfig, OidcConfig]
  const { accessKey, accessSecret } = emulator.apps[0]

  const report = createReport(output, { take })
  const { refused, say, section, step } = report

  /** Signs in by a link and reads the code, as one goes on to exchange it. */
  const codeOf = async (
    of: OidcConfig,
    params: AuthorizeParams<'code'> = {},
  ): Promise<{ readonly code: string; readonly nonce: string }> => {
    const url = buildAuthorizeUrl(of, params)
    const { code } = await readCallback(of, (await signIn(url)).url, { state: stateOf(url) })
    return { code, nonce: nonceOf(url) }
  }
  const OFFLINE = { scope: 'openid profile email offline_access' }
  const freshTokens = async (): Promise<TokenResponse> =>
    getAccessTokenByCode(config, await codeOf(config, OFFLINE)).finally(take)

  say("Every function of GenAuth's OIDC SDK page, against a GenAuth on this machine", 'bold')
  say(`${emulator.appHost}, app ${config.appId}, in memory: it ends with this command.`, 'dim')

  const cookies = new Map<string, string>()
  let login: SignedIn | undefined

  await section('Sign in with two calls', [13, 18], async () => {
    const { url, transaction } = await step(
      'beginLogin',
      async () => {
        const begun = await beginLogin(config, { appState: '/basket' })
        link(begun.url)
        return begun
      },
      ({ transaction: { state, nonce } }) => `state ${short(state)}, nonce ${short(nonce)}, PKCE S256`,
    )
    const callback = await step(
      '(the browser)',
      async () => {
        const before = visits.length
        const arrived = await signIn(url, { user: 'alice', cookies })
        const forms = visits.slice(before).filter(({ method }) => method === 'POST')
        must(forms.length === 2, `it met ${forms.length} forms and not the two of login and consent`)
        last = { method: 'POST', path: '/login/oidc/…' }
        return arrived.url
      },
      (arrived) => `login page, consent page, then ${arrived.split('?')[0] ?? ''}`,
    )
    const { tokens } = await step(
      'completeLogin',
      () => completeLogin(config, callback, transaction),
      ({ claims, appState }) => `${String(claims.email)} is signed in, and goes on to ${appState ?? ''}`,
    )
    login = { callback, transaction, tokens }
  })

  await section('What that checked: each is broken once, and refused', [13, 10], async () => {
    const { callback, transaction, tokens } = signedIn(login)
    const { id_token: idToken, access_token: accessToken } = tokens
    await step(
      'completeLogin',
      () => brokenCallbacks(config, callback, transaction),
      (checks) => `the callback's ${checks.join(', ')}`,
    )
    await step(
      'verifyIdToken',
      () => brokenIdTokens(config, idToken, accessToken, transaction.nonce),
      (checks) => `the ID token's ${checks.join(', ')}`,
    )
    await refused('verifyIdToken', 'a forged token', () => verifyIdToken(config, forge(idToken)), {
      code: 'token_invalid',
      check: 'signature',
    })
    const now = Date.now() + 2 * HOUR
    await refused('verifyIdToken', 'an expired token', () => verifyIdToken(config, idToken, {}, { now }), {
      code: 'token_invalid',
      check: 'exp',
    })
    const foreign = await getAccessTokenByCode(another, await codeOf(another))
    await refused('verifyIdToken', 'a token for another app', () => verifyIdToken(config, foreign.id_token ?? ''), {
      code: 'token_invalid',
      check: 'aud',
    })
  })

  await section('Links to sign in', [17, 14], async () => {
    const shown = ({ searchParams }: URL): string =>
      ['response_type', 'response_mode', 'scope', 'prompt', 'code_challenge_method']
        .map((name) => searchParams.get(name))
        .filter((value) => value !== null && value !== 'code')
        .join(', ')
    const codeVerifier = generateCodeChallenge()
    const plain = { codeChallengeMethod: 'plain', codeChallenge: codeVerifier } as const
    const s256 = {
      codeChallengeMethod: 'S256',
      codeChallenge: await generateCodeChallengeDigest(codeVerifier),
    } as const
    for (const [what, params] of [
      ['code', { responseMode: 'form_post' }],
      ['implicit', { responseType: 'id_token token' }],
      ['offline_access', { scope: 'openid profile offline_access' }],
      ['PKCE S256', s256],
      ['PKCE plain', { ...plain, scope: 'openid profile offline_access' }],
    ] satisfies [string, AuthorizeParams][]) {
      await step(
        'buildAuthorizeUrl',
        () => link(buildAuthorizeUrl(config, params)),
        (url) => `${what}: ${shown(url)}`,
      )
    }
    const implicit = buildAuthorizeUrl(config, { responseType: 'id_token token' })
    const { url } = await signIn(implicit, { cookies })
    await step(
      'readCallback',
      () => readCallback(config, url, { state: stateOf(implicit), responseType: 'id_token token' }),
      (answer) => `implicit, followed: id ${short(answer.id_token)}, access ${short(answer.access_token)}`,
    )
  })

  await section('Code to token', [20, 16], async () => {
    const codeVerifier = generateCodeChallenge()
    const codeChallenge = await generateCodeChallengeDigest(codeVerifier)
    for (const [what, of, params] of [
      ['client_secret_post', config, {}],
      ['client_secret_basic', basic, {}],
      ['none, PKCE S256', browser, { codeChallenge, codeChallengeMethod: 'S256' }],
      ['PKCE plain', config, { codeChallenge: codeVerifier, codeChallengeMethod: 'plain' }],
      ['offline', config, { scope: 'openid offline_access' }],
    ] satisfies [string, OidcConfig, AuthorizeParams<'code'>][]) {
      const got = await codeOf(of, params)
      await step(
        'getAccessTokenByCode',
        () => getAccessTokenByCode(of, { ...got, ...('codeChallenge' in params && { codeVerifier }) }),
        (tokens) => `${what}: ${told(tokens)}`,
      )
    }
    const { code } = await codeOf(config)
    await getAccessTokenByCode(config, { code })
    await refused('getAccessTokenByCode', 'a used code', () => getAccessTokenByCode(config, { code }), {
      code: 'endpoint_error',
      error: 'invalid_grant',
    })
  })

  await section('User info', [24, 12], async () => {
    const { access_token: accessToken, claims } = await freshTokens()
    await step(
      'getUserInfoByAccessToken',
      () => getUserInfoByAccessToken(config, { accessToken, expectedSubject: claims?.sub }),
      ({ sub, email, gender, name }) =>
        `sub ${short(sub)}, ${email ?? ''}, gender ${gender ?? ''}, name ${String(name)}`,
    )
  })

  await section('Refresh', [31, 16], async () => {
    const first = await freshTokens()
    const refreshToken = first.refresh_token ?? ''
    await step(
      'getNewAccessTokenByRefreshToken',
      () => getNewAccessTokenByRefreshToken(config, { refreshToken, previous: first }),
      (tokens) => `access ${short(tokens.access_token)}, refresh ${short(tokens.refresh_token)}`,
    )
    await refused(
      'getNewAccessTokenByRefreshToken',
      'the old one',
      () => getNewAccessTokenByRefreshToken(config, refreshToken),
      { code: 'endpoint_error', error: 'invalid_grant' },
    )
  })

  await section('Is a token alive?', [15, 30], async () => {
    const tokens = await freshTokens()
    for (const [what, token, active] of [
      ['access token', tokens.access_token, true],
      ['refresh token', tokens.refresh_token ?? '', true],
      ['unknown token', 'no-such-token', false],
    ] as const) {
      await step(
        'introspectToken',
        async () => {
          const answer = await introspectToken(config, token)
          must(answer.active === active, `the ${what} is said to be ${answer.active ? 'active' : 'inactive'}`)
          return answer
        },
        (answer) => `${what}: ${liveness(answer)}`,
      )
    }
  })

  await section('Online validation', [13, 31], async () => {
    const { access_token: accessToken, id_token: idToken = '' } = await freshTokens()
    const valid = ({ sub, exp }: { sub?: string; exp: number }): string =>
      `sub ${short(sub)}, until ${new Date(exp * 1000).toISOString().slice(11, 16)} UTC`
    await step(
      'validateToken',
      () => validateToken(config, { idToken }),
      (claims) => `ID token: ${valid(claims)}`,
    )
    await step(
      'validateToken',
      () => validateToken(config, { accessToken }),
      (claims) => `access token: ${valid(claims)}`,
    )
    for (const [token, vendorMessage] of [
      [{ idToken: forge(idToken) }, 'id_token is invalid'],
      [{ idToken: 'abc' }, 'id_token format is incorrect'],
      [{ accessToken: forge(accessToken) }, 'access_token is invalid'],
      [{ accessToken: 'abc' }, 'access_token format is incorrect'],
    ] as const) {
      await refused('validateToken', '', () => validateToken(config, token), {
        code: 'endpoint_error',
        vendorCode: 400,
        vendorMessage,
      })
    }
  })

  await section('Revocation', [24, 30], async () => {
    const { access_token: accessToken, refresh_token: refreshToken = '' } = await freshTokens()
    await step(
      'revokeToken',
      () => revokeToken(config, refreshToken),
      (result) => `refresh token: ${result}`,
    )
    await step(
      'revokeToken',
      () => revokeToken(config, accessToken),
      (result) => `access token: ${result}`,
    )
    await step(
      'introspectToken',
      async () => {
        const answer = await introspectToken(config, accessToken)
        must(!answer.active, 'a revoked token is said to be active')
        return answer
      },
      (answer) => `afterwards: ${liveness(answer)}`,
    )
    await refused('getUserInfoByAccessToken', 'it is', () => getUserInfoByAccessToken(config, accessToken), {
      code: 'endpoint_error',
      error: 'invalid_token',
    })
  })

  await section('Signing out', [14, 25], async () => {
    /** Whether the browser is still known: with prompt=none nobody is asked. */
    const stillSignedIn = async (): Promise<boolean> => {
      const url = buildAuthorizeUrl(config, { prompt: 'none' })
      const callback = await signIn(url, { cookies })
      try {
        return (await readCallback(config, callback.url, { state: stateOf(url) })).code !== ''
      } catch (error) {
        if (isOidcError(error, 'authorization_error') && error.error === 'login_required') return false
        throw error
      }
    }
    const follow = (url: URL, expected: string) => async () => {
      must(await stillSignedIn(), 'nobody was signed in before')
      const { url: end } = await signOut(link(url), { cookies })
      must(end === expected, `the browser ended at ${end}`)
      must(!(await stillSignedIn()), 'the browser is still signed in')
      return end
    }
    await signIn(buildAuthorizeUrl(config), { cookies })
    await step(
      'buildLogoutUrl',
      follow(buildLogoutUrl(config, { redirectUri: 'https://www.genauth.ai' }), 'https://www.genauth.ai/'),
      (end) => `easy, followed to ${end}: signed out`,
    )
    const url = buildAuthorizeUrl(config)
    const { code } = await readCallback(config, (await signIn(url, { cookies })).url, { state: stateOf(url) })
    const { id_token: idToken = '' } = await getAccessTokenByCode(config, { code })
    await step(
      'buildLogoutUrl',
      follow(
        buildLogoutUrl(config, { expert: true, idToken, redirectUri: 'http://localhost:3000', state: 'bye' }),
        'http://localhost:3000/?state=bye',
      ),
      (end) => `expert, followed to ${end}`,
    )
  })

  await section('Machines', [33, 16], async () => {
    await step(
      'getAccessTokenByClientCredentials',
      () => getAccessTokenByClientCredentials(config, { scope: 'email openid profile phone', accessKey, accessSecret }),
      (tokens) => `access ${short(tokens.access_token)}, ${tokens.expires_in ?? ''} s`,
    )
  })

  await section('PKCE', [27, 10], async () => {
    await step('generateCodeChallenge', generateCodeChallenge, (verifier) => verifier)
    await step(
      'generateCodeChallengeDigest',
      async () => {
        const digest = await generateCodeChallengeDigest(VERIFIER)
        must(digest === CHALLENGE, `the digest of RFC 7636 appendix B came out as ${digest}`)
        return digest
      },
      (digest) => `RFC 7636: ${digest}`,
    )
    await step(
      'generateCodeChallengeDigest',
      async () => {
        const digest = await generateCodeChallengeDigest(VERIFIER, 'plain')
        must(digest === VERIFIER, 'plain changed it')
        return digest
      },
      (digest) => `plain: ${digest}`,
    )
  })

  await section('OAuth 2.0, SAML, CAS', [24, 45], async () => {
    const oauth = extendOauth(config)
    const url = await step(
      'buildAuthorizeUrl',
      () => link(buildAuthorizeUrl(oauth)),
      (built) => `OAuth, ${built.searchParams.get('scope') ?? ''}`,
    )
    const { code } = await readCallback(oauth, (await signIn(url)).url, { state: stateOf(url) })
    const { access_token } = await step(
      'getAccessTokenByCode',
      () => getAccessTokenByCode(oauth, { code }),
      (tokens) => `access ${short(tokens.access_token)}`,
    )
    await step(
      'getUserInfoByAccessToken',
      () => getUserInfoByAccessToken(oauth, access_token),
      ({ sub }) => `sub ${short(sub)}`,
    )
    const { appId, appHost } = emulator.config
    const shared = { appId, appHost, allowInsecureRequests: true } as const
    await step(
      'buildAuthorizeUrl',
      async () => {
        const saml = link(buildAuthorizeUrl(defineConfig({ ...shared, protocol: 'saml' })))
        const { status } = await fetch(saml)
        must(status === 200, `the SAML link answered ${status}`)
        return status
      },
      (status) => `SAML, ${status}`,
    )
    await step(
      'buildAuthorizeUrl',
      async () => {
        const cas = buildAuthorizeUrl(defineConfig({ ...shared, protocol: 'cas' }), {
          service: emulator.config.redirectUri,
        })
        const ticket = new URL((await signIn(link(cas))).url).searchParams.get('ticket')
        must(ticket?.startsWith('ST-') === true, 'the browser came back without a ticket')
        return ticket ?? ''
      },
      (ticket) => `CAS, ticket ${short(ticket)}`,
    )
  })

  await emulator.stop()
  const { passed, failed } = report.counts()
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  say()
  if (failed === 0) say(`✓ All ${passed} steps held, in ${seconds} s.`, 'green')
  else say(`✗ ${failed} of ${passed + failed} steps failed, in ${seconds} s: see ✗ above.`, 'red')
  say()
  say('Next: README.md has a whole sign-in in a few lines. A GenAuth that keeps running, for your own app:')
  say('  npx @genauth-oidc/emulator       here in the checkout: npm start -- emulator', 'cyan')
  say('Your own tenant: set GENAUTH_APP_HOST, GENAUTH_APP_ID, GENAUTH_APP_SECRET and GENAUTH_REDIRECT_URI,')
  say('and run npm start again.')
  return failed === 0 ? 0 : 1
}

/** A sign-in with what it came from. */
interface SignedIn {
  readonly callback: string
  readonly transaction: LoginTransaction<'code'>
  readonly tokens: Login<'code'>['tokens']
}

function signedIn(login: SignedIn | undefined): SignedIn {
  if (!login) throw new Error('nobody is signed in: see above')
  return login
}

/** Gives the names of the checks, once each of these calls was refused by the check it is named after. */
async function refusals(code: OidcErrorCode, calls: Readonly<Record<string, () => Promise<unknown>>>) {
  for (const [check, call] of Object.entries(calls)) {
    await call().then(
      () => must(false, `a wrong ${check} was accepted`),
      (error: unknown) => {
        const { check: failed, reason = failed } = error as { check?: string; reason?: string }
        must(isOidcError(error, code) && reason === check, `wrong ${check}: ${reasonOf(error)}`)
      },
    )
  }
  return Object.keys(calls)
}

async function brokenCallbacks(config: OidcConfig, callback: string, transaction: LoginTransaction<'code'>) {
  const complete = (change: (url: URL) => unknown) => async () => {
    const url = new URL(callback)
    change(url)
    return completeLogin(config, url, transaction)
  }
  return refusals('callback_invalid', {
    state: complete((url) => url.searchParams.set('state', transaction.nonce)),
    iss: complete((url) => url.searchParams.set('iss', 'https://evil.example')),
    redirect_uri: complete((url) => (url.pathname = '/elsewhere')),
    duplicate: complete((url) => url.searchParams.append('code', 'another')),
    mix_up: () => completeLogin(extendConfig(config, { appId: 'another-app' }), callback, transaction),
    expired: () => completeLogin(config, callback, transaction, { now: Date.now() + HOUR }),
  })
}

async function brokenIdTokens(config: OidcConfig, idToken: string, accessToken: string, nonce: string) {
  const verify =
    (patch: ConfigPatch, expected: object = {}, now?: number) =>
    () =>
      verifyIdToken(extendConfig(config, patch), idToken, { nonce, accessToken, ...expected }, { now })
  await verify({})()
  return refusals('token_invalid', {
    alg: verify({ idTokenSigningAlgs: ['RS256'] }),
    signature: verify({ secret: 'another secret, of 32 octets or more' }),
    iss: verify({ issuer: 'http://127.0.0.1/oidc' }),
    aud: verify({ appId: 'another-app' }),
    exp: verify({}, {}, Date.now() + 2 * HOUR),
    iat: verify({}, {}, Date.now() - HOUR),
    nonce: verify({}, { nonce: 'another nonce' }),
    at_hash: verify({}, { accessToken: `${accessToken}x` }),
  })
}

/** The same application by plain OAuth 2.0; the protocol is the one thing that a config can't be changed in. */
function extendOauth({ appId, appHost, secret, redirectUri, fetch: send }: OidcConfig): OauthConfig {
  return defineConfig<'oauth'>({
    appId,
    appHost: appHost ?? '',
    secret,
    redirectUri,
    protocol: 'oauth',
    allowInsecureRequests: true,
    fetch: send,
  })
}

import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type { ConfigInput, FetchInit, OidcConfig } from '@genauth-oidc/core/types'
import { calculateCodeChallenge } from '@genauth-oidc/pkce/calculateCodeChallenge'
import { generateCodeChallenge } from '@genauth-oidc/pkce/generateCodeChallenge'
import { generateCodeChallengeDigest } from '@genauth-oidc/pkce/generateCodeChallengeDigest'
import { getAccessTokenByClientCredentials } from '@genauth-oidc/tokens/getAccessTokenByClientCredentials'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
import { validateToken } from '@genauth-oidc/tokens/validateToken'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
import { describe, expect, it } from 'vitest'
import page from './data/seed.json' with { type: 'json' }

// GenAuth's page on the OIDC module of its Python SDK, example by example: the same inputs, the same assertions, and
// its sample answers word for word. What the tests are called is what they are called there, in our case of letters.

const GEN_AUTH_APP_ID = '5f17a529f64fb009b794a2ff'
const GEN_AUTH_APP_HOST = 'https://sample-app.genauth.ai'
const GEN_AUTH_APP_REDIRECT_URI = 'http://localhost:3000'

/** The client of the page's tests of links. */
const client = defineConfig({
  appId: GEN_AUTH_APP_ID,
  appHost: GEN_AUTH_APP_HOST,
  secret: 'GEN_AUTH_APP_SECRET',
  protocol: 'oidc',
  redirectUri: GEN_AUTH_APP_REDIRECT_URI,
  tokenEndpointAuthMethod: 'client_secret_basic',
})

/** The server that the page's samples come from: its tokens name this address. */
const sampleHost = (appHost: string): ConfigInput<'oidc'> & { secret: string } => ({
  appId: GEN_AUTH_APP_ID,
  appHost,
  secret: 'GEN_AUTH_APP_SECRET',
  redirectUri: GEN_AUTH_APP_REDIRECT_URI,
})

interface Sent {
  readonly method: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

/** A config whose server answers with this body, and what was asked of it. */
function answering(body: unknown, input: ConfigInput<'oidc'> = sampleHost('https://oidc1.authing.cn'), status = 200) {
  const sent: Sent[] = []
  const config = defineConfig({
    ...input,
    fetch: async (url: string, { method, headers, body: form }: FetchInit) => {
      const { pathname: path, searchParams } = new URL(url)
      sent.push({ method, path, headers, params: Object.fromEntries(new URLSearchParams(form ?? searchParams)) })
      return body === undefined ? new Response(null, { status }) : Response.json(body, { status })
    },
  })
  return { config, sent }
}

/** The page's samples are from 2021: seconds to the clock of a call. */
const at = (seconds: number) => ({ now: seconds * 1000 })
const credentials = { client_id: GEN_AUTH_APP_ID, client_secret: 'GEN_AUTH_APP_SECRET' }

const SAMPLE_TIME = 1_615_883_590
const REFRESH_TIME = 1_614_091_500
const VALIDATE_TIME = 1_601_456_900

const part = (jwt: string, index: 0 | 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString()) as Record<string, unknown>
/** The token with some claims changed, or left out where undefined. Its signature is not published, so none is right. */
const rewritten = (jwt: string, claims: Readonly<Record<string, unknown>>): string =>
  [
    jwt.split('.')[0],
    Buffer.from(JSON.stringify({ ...part(jwt, 1), ...claims })).toString('base64url'),
    jwt.split('.')[2],
  ].join('.')

describe('AuthenticationClientOptions', () => {
  it('takes the example of the page', () => {
    const config = defineConfig({
      appId: 'GEN_AUTH_APP_ID',
      appHost: 'https://YOUR_DOMAIN.genauth.ai',
      secret: 'GEN_AUTH_APP_SECRET',
      protocol: 'oidc',
      redirectUri: 'http://localhost:3000',
      tokenEndpointAuthMethod: 'client_secret_post',
      introspectionEndpointAuthMethod: 'client_secret_post',
      revocationEndpointAuthMethod: 'client_secret_post',
    })
    expect(buildAuthorizeUrl(config).href).toMatch(/^https:\/\/your_domain\.genauth\.ai\/oidc\/auth\?/)
  })

  it.each(['token', 'introspection', 'revocation'] as const)(
    'defaults to client_secret_post at the %s endpoint',
    async (endpoint) => {
      const { config, sent } = answering({ active: false, ...page.clientCredentialsResponse, scope: 'user' })
      await {
        token: () => getAccessTokenByCode(config, { code: 'xxxx' }),
        introspection: () => introspectToken(config, 'xxx'),
        revocation: () => revokeToken(config, 'xxx'),
      }[endpoint]()
      expect(sent[0]?.params).toMatchObject(credentials)
      expect(sent[0]?.headers).not.toHaveProperty('authorization')
    },
  )
})

describe('build_authorize_url', () => {
  const queriesOf = (url: URL) => url.searchParams

  it('test_oidc_build_authorize_url_authorization_code_mode', () => {
    const queries = queriesOf(buildAuthorizeUrl(client, { responseMode: 'form_post' }))
    expect(queries.get('nonce')).toEqual(expect.any(String))
    expect(queries.get('state')).toEqual(expect.any(String))
    expect(queries.get('scope')).toEqual(expect.any(String))
    expect(queries.get('client_id')).toBe(GEN_AUTH_APP_ID)
    expect(queries.get('redirect_uri')).toBe(GEN_AUTH_APP_REDIRECT_URI)
    expect(queries.get('response_type')).toBe('code')
    expect(queries.get('response_mode')).toBe('form_post')
  })

  it('test_oidc_build_authorize_url_implicit_mode', () => {
    const queries = queriesOf(buildAuthorizeUrl(client, { responseType: 'id_token token' }))
    expect(queries.get('response_type')).toBe('id_token token')
  })

  it('test_oidc_build_authorize_url_offline_access', () => {
    const queries = queriesOf(buildAuthorizeUrl(client, { scope: 'openid profile offline_access' }))
    expect(queries.get('prompt')).toBe('consent')
  })

  it('test_oidc_build_authorize_url_pkce_s256', async () => {
    const codeVerifier = generateCodeChallenge()
    const codeChallenge = await generateCodeChallengeDigest(codeVerifier)
    const queries = queriesOf(buildAuthorizeUrl(client, { codeChallenge, codeChallengeMethod: 'S256' }))
    expect(queries.get('code_challenge')).toBe(codeChallenge)
    expect(queries.get('code_challenge_method')).toBe('S256')
  })

  it('test_oidc_build_authorize_url_pkce_plain', async () => {
    const codeVerifier = generateCodeChallenge()
    const codeChallenge = await generateCodeChallengeDigest(codeVerifier, 'plain')
    const queries = queriesOf(
      buildAuthorizeUrl(client, {
        codeChallenge,
        codeChallengeMethod: 'plain',
        scope: 'openid profile offline_access',
      }),
    )
    expect(queries.get('code_challenge')).toBe(codeChallenge)
    expect(queries.get('code_challenge_method')).toBe('plain')
    expect(queries.get('prompt')).toBe('consent')
  })

  it('gives the sample link, the order of its parameters aside', () => {
    const sample = new URL(page.authorizeUrl)
    const url = buildAuthorizeUrl(
      defineConfig({ appId: GEN_AUTH_APP_ID, appHost: 'https://oidc1.genauth.ai', redirectUri: 'https://baidu.com' }),
      {
        nonce: '5485323897342262',
        state: '7400704296715694',
        scope: 'openid profile offline_access',
        responseMode: 'query',
      },
    )
    expect(url.origin + url.pathname).toBe(sample.origin + sample.pathname)
    expect([...url.searchParams].sort()).toEqual([...sample.searchParams].sort())
  })

  it('defaults to the scopes of the protocol', () => {
    expect(queriesOf(buildAuthorizeUrl(client)).get('scope')).toBe('openid profile email phone address')
    const oauth = defineConfig({ ...sampleHost(GEN_AUTH_APP_HOST), protocol: 'oauth' })
    expect(queriesOf(buildAuthorizeUrl(oauth)).get('scope')).toBe('user')
  })

  it.each([
    'code',
    'code id_token token',
    'code id_token',
    'code token',
    'id_token token',
    'id_token',
    'none',
  ] as const)('knows the response type %s', (responseType) => {
    expect(queriesOf(buildAuthorizeUrl(client, { responseType })).get('response_type')).toBe(responseType)
  })

  it.each(['query', 'fragment', 'form_post'] as const)('knows the response mode %s', (responseMode) => {
    expect(queriesOf(buildAuthorizeUrl(client, { responseMode })).get('response_mode')).toBe(responseMode)
  })
})

describe('get_access_token_by_code', () => {
  it('normal authorization code mode', async () => {
    const { config, sent } = answering(page.tokenResponse)
    const data = await getAccessTokenByCode(config, { code: 'xxxx' }, at(SAMPLE_TIME))
    expect(data).toMatchObject(page.tokenResponse)
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: '/oidc/token',
        params: {
          ...credentials,
          grant_type: 'authorization_code',
          code: 'xxxx',
          redirect_uri: GEN_AUTH_APP_REDIRECT_URI,
        },
      },
    ])
    expect(sent[0]?.params).not.toHaveProperty('code_verifier')
  })

  it('PKCE + authorization code mode', async () => {
    const { config, sent } = answering(page.tokenResponse)
    // The page's 'xxx' stands for a verifier, which has 43 characters at least.
    const codeVerifier = 'x'.repeat(43)
    expect(await getAccessTokenByCode(config, { code: 'xxxx', codeVerifier }, at(SAMPLE_TIME))).toMatchObject(
      page.tokenResponse,
    )
    expect(sent[0]?.params).toMatchObject({ code: 'xxxx', code_verifier: codeVerifier })
  })

  it('gives the claims of the sample ID token, checked at the level direct', async () => {
    const { config } = answering(page.tokenResponse)
    const { claims, expires_at } = await getAccessTokenByCode(
      config,
      { code: 'xxxx', nonce: '70TE7yoMTQ' },
      at(SAMPLE_TIME),
    )
    expect(claims).toEqual(part(page.tokenResponse.id_token, 1))
    expect(expires_at).toBe(SAMPLE_TIME + 3600)
  })

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['iss', { iss: 'https://oidc2.authing.cn/oidc' }],
    ['iss', { iss: undefined }],
    ['aud', { aud: '60097391b1358c17c5fb0f4e' }],
    ['aud', { aud: [GEN_AUTH_APP_ID, '60097391b1358c17c5fb0f4e'] }],
    ['azp', { azp: '60097391b1358c17c5fb0f4e' }],
    ['sub', { sub: undefined }],
    ['exp', { exp: 1_615_883_500 }],
    ['iat', { iat: 1_615_887_000 }],
    ['iat', { iat: 1_615_880_000 }],
    ['nonce', { nonce: '70TE7yoMTq' }],
    ['nonce', { nonce: undefined }],
    ['at_hash', { at_hash: 'PSg8l9x4etlf-p8P7cbuhB' }],
    ['purpose', { scope: 'openid' }],
  ])('refuses the sample when its %s is changed to %j', async (check, changed) => {
    const { config } = answering({
      ...page.tokenResponse,
      id_token: rewritten(page.tokenResponse.id_token, changed),
    })
    await expect(
      getAccessTokenByCode(config, { code: 'xxxx', nonce: '70TE7yoMTQ' }, at(SAMPLE_TIME)),
    ).rejects.toMatchObject({ code: 'token_invalid', check })
  })

  it('refuses the sample with the access token of another answer', async () => {
    const { config } = answering({ ...page.tokenResponse, access_token: page.refreshResponse.access_token })
    await expect(getAccessTokenByCode(config, { code: 'xxxx' }, at(SAMPLE_TIME))).rejects.toMatchObject({
      check: 'at_hash',
    })
  })

  it('refuses the sample today: it has expired', async () => {
    const { config } = answering(page.tokenResponse)
    await expect(getAccessTokenByCode(config, { code: 'xxxx' })).rejects.toMatchObject({ check: 'exp' })
  })
})

describe('get_user_info_by_access_token', () => {
  it('gives the sample data, nulls and all', async () => {
    const { config, sent } = answering(page.userInfo)
    const data = await getUserInfoByAccessToken(config, page.tokenResponse.access_token)
    expect(data).toEqual(page.userInfo)
    expect(sent).toMatchObject([
      {
        method: 'GET',
        path: '/oidc/me',
        params: {},
        headers: { authorization: `Bearer ${page.tokenResponse.access_token}` },
      },
    ])
  })
})

describe('get_new_access_token_by_refresh_token', () => {
  it('gives the sample data, whose ID token has no nonce', async () => {
    const { config, sent } = answering(page.refreshResponse)
    const data = await getNewAccessTokenByRefreshToken(config, 'Refresh Token', at(REFRESH_TIME))
    expect(data).toMatchObject(page.refreshResponse)
    expect(data.claims).toEqual(part(page.refreshResponse.id_token, 1))
    expect(data.claims).not.toHaveProperty('nonce')
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: '/oidc/token',
        params: { ...credentials, grant_type: 'refresh_token', refresh_token: 'Refresh Token' },
      },
    ])
  })

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['iss', { iss: 'https://oidc2.authing.cn/oidc' }],
    ['aud', { aud: '60097391b1358c17c5fb0f4e' }],
    ['sub', { sub: '603f184cec4505e2868431fc' }],
    ['exp', { exp: 1_614_091_400 }],
    ['iat', { iat: 1_614_095_000 }],
    ['at_hash', { at_hash: '1idIILZXLifDlqrLcvMy_B' }],
  ])('refuses the sample when its %s is changed to %j', async (check, changed) => {
    const previous = { claims: part(page.refreshResponse.id_token, 1) }
    const { config } = answering({
      ...page.refreshResponse,
      id_token: rewritten(page.refreshResponse.id_token, changed),
    })
    await expect(
      getNewAccessTokenByRefreshToken(config, { refreshToken: 'Refresh Token', previous }, at(REFRESH_TIME)),
    ).rejects.toMatchObject({ code: 'token_invalid', check })
  })
})

describe('introspect_token', () => {
  it('Token is valid', async () => {
    const { config, sent } = answering(page.introspectionActive)
    expect(await introspectToken(config, 'Refresh Token')).toEqual(page.introspectionActive)
    expect(sent).toMatchObject([
      { method: 'POST', path: '/oidc/token/introspection', params: { ...credentials, token: 'Refresh Token' } },
    ])
    expect(sent[0]?.params).not.toHaveProperty('token_type_hint')
  })

  it('Token is invalid', async () => {
    const { config } = answering(page.introspectionInactive)
    expect(await introspectToken(config, 'Refresh Token')).toEqual({ active: false })
  })

  it('The verification process fails and throws an error', async () => {
    const { config } = answering({ error: 'invalid_client' }, undefined, 401)
    await expect(introspectToken(config, 'Refresh Token')).rejects.toMatchObject({
      code: 'endpoint_error',
      status: 401,
      error: 'invalid_client',
    })
  })
})

describe('validate_token', () => {
  const host = sampleHost('https://oidc1.genauth.ai')

  it('id_token is valid', async () => {
    const { config, sent } = answering(page.validIdToken, host)
    expect(await validateToken(config, { idToken: 'xxx' }, at(VALIDATE_TIME))).toEqual(page.validIdToken)
    expect(sent).toMatchObject([{ method: 'GET', path: '/api/v2/oidc/validate_token', params: { id_token: 'xxx' } }])
  })

  it('Access token is valid', async () => {
    const { config, sent } = answering(page.validAccessToken, host)
    expect(await validateToken(config, { accessToken: 'xxx' }, at(VALIDATE_TIME))).toEqual(page.validAccessToken)
    expect(sent).toMatchObject([
      { method: 'GET', path: '/api/v2/oidc/validate_token', params: { access_token: 'xxx' } },
    ])
  })

  // The page does not say which HTTP status carries the answer.
  describe.each([200, 400])('with status %d', (status) => {
    it.each([
      ['Id token is invalid: its format', { idToken: 'xxx' }, page.idTokenFormat],
      ['Id token is invalid', { idToken: 'xxx' }, page.idTokenInvalid],
      ['Access token is invalid: its format', { accessToken: 'xxx' }, page.accessTokenFormat],
      ['Access token is invalid', { accessToken: 'xxx' }, page.accessTokenInvalid],
    ])('%s', async (_, token, body) => {
      const { config } = answering(body, host, status)
      await expect(validateToken(config, token, at(VALIDATE_TIME))).rejects.toMatchObject({
        code: 'endpoint_error',
        endpoint: 'validateToken',
        status,
        vendorCode: body.code,
        vendorMessage: body.message,
      })
    })
  })
})

describe('revoke_token', () => {
  it('Return true if the revocation is successful', async () => {
    const { config, sent } = answering(undefined)
    expect(await revokeToken(config, 'xxx')).toBe(true)
    expect(sent).toMatchObject([
      { method: 'POST', path: '/oidc/token/revocation', params: { ...credentials, token: 'xxx' } },
    ])
  })

  it.each([400, 503])('Throw an error if the revocation fails, with status %d', async (status) => {
    const { config } = answering({ error: 'unsupported_token_type' }, undefined, status)
    await expect(revokeToken(config, 'xxx')).rejects.toMatchObject({
      code: 'endpoint_error',
      status,
      error: 'unsupported_token_type',
    })
  })
})

describe('build_logout_url', () => {
  const signedOut = defineConfig({
    appId: 'GEN_AUTH_APP_ID',
    appHost: 'https://YOUR_DOMAIN.genauth.ai',
    redirectUri: 'http://localhost:3000',
    protocol: 'oidc',
  })

  it('Log out using the front-end universal logout link', () => {
    const url = buildLogoutUrl(signedOut, { redirectUri: 'https://www.genauth.ai' })
    expect(url.pathname).toBe('/login/profile/logout')
    expect(Object.fromEntries(url.searchParams)).toEqual({ redirect_uri: 'https://www.genauth.ai' })
  })

  it('Use the OIDC protocol standard link to log out', () => {
    const idToken = 'The idToken of the user to be logged out'
    const url = buildLogoutUrl(signedOut, { expert: true, idToken, redirectUri: 'http://localhost:3000' })
    expect(url.pathname).toBe('/oidc/session/end')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      id_token_hint: idToken,
      post_logout_redirect_uri: 'http://localhost:3000',
    })
  })
})

describe('get_access_token_by_client_credentials', () => {
  it('gives the sample data', async () => {
    const { config, sent } = answering(page.clientCredentialsResponse)
    const res = await getAccessTokenByClientCredentials(config, {
      scope: 'email openid profile phone',
      accessKey: 'Programming access account AK',
      accessSecret: 'Programming access account SK',
    })
    expect(res).toMatchObject(page.clientCredentialsResponse)
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: '/oidc/token',
        params: {
          grant_type: 'client_credentials',
          scope: 'email openid profile phone',
          client_id: 'Programming access account AK',
          client_secret: 'Programming access account SK',
        },
      },
    ])
  })
})

describe('generate_code_challenge', () => {
  it('gives 43 characters of what the sample is made of', () => {
    const alphabet = /^[\w.~-]{43}$/
    expect(page.codeChallenge).toMatch(alphabet)
    expect(generateCodeChallenge()).toMatch(alphabet)
  })

  it('takes a length of 43 or more', () => {
    expect(generateCodeChallenge(43)).toHaveLength(43)
    expect(generateCodeChallenge(64)).toHaveLength(64)
    expect(() => generateCodeChallenge(42)).toThrow(expect.objectContaining({ code: 'argument_invalid' }))
  })
})

describe('generate_code_challenge_digest', () => {
  it('Calculate the SHA256 hash of code_challenge', async () => {
    const codeChallenge = generateCodeChallenge()
    const codeChallengeDigest = await generateCodeChallengeDigest(codeChallenge, 'S256')
    expect(codeChallengeDigest).toMatch(/^[\w-]{43}$/)
    expect(codeChallengeDigest).toBe(await calculateCodeChallenge(codeChallenge))
  })

  it('plain means to return the code_challenge as is', async () => {
    expect(await generateCodeChallengeDigest(page.codeChallenge, 'plain')).toBe(page.codeChallenge)
  })

  it('gives the digest of RFC 7636 appendix B', async () => {
    expect(await generateCodeChallengeDigest('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    )
  })

  it('does not give the sample digest for the sample verifier: they are no pair (decision 0004)', async () => {
    expect(await generateCodeChallengeDigest(page.codeChallenge)).toBe('ITGiZ1EWMTR0IvqMnutS8x8U6SiHaQHa-cq1h-k3Yjw')
    expect(page.codeChallengeDigest).not.toBe('ITGiZ1EWMTR0IvqMnutS8x8U6SiHaQHa-cq1h-k3Yjw')
  })
})

describe('every function of the page', () => {
  it('sends its request to the host of the config and nowhere else', async () => {
    const urls: string[] = []
    const config: OidcConfig = defineConfig({
      ...sampleHost(GEN_AUTH_APP_HOST),
      fetch: async (url: string) => {
        urls.push(url)
        return Response.json({ error: 'server_error' }, { status: 500 })
      },
    })
    const calls: readonly Promise<unknown>[] = [
      getAccessTokenByCode(config, { code: 'xxxx' }),
      getUserInfoByAccessToken(config, 'xxx'),
      getNewAccessTokenByRefreshToken(config, 'xxx'),
      introspectToken(config, 'xxx'),
      validateToken(config, { idToken: 'xxx' }),
      revokeToken(config, 'xxx'),
      getAccessTokenByClientCredentials(config, { scope: 'a', accessKey: 'AK', accessSecret: 'SK' }),
    ]
    for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected')
    expect(urls).toHaveLength(calls.length)
    for (const url of urls) expect(new URL(url).origin).toBe(GEN_AUTH_APP_HOST)
  })
})

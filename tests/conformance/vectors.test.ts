import { defineConfig } from '@genauth-oidc/core/defineConfig'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { Config, ConfigInput, FetchInit, OidcConfig } from '@genauth-oidc/core/types'
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
import recorded from './data/vectors.json' with { type: 'json' }

// What GenAuth's JavaScript SDK (4.23.55) and Python SDK (4.5.18) put on the wire, recorded, against what these functions
// put there for the same options and arguments. Where they differ, the table says why; a line that is not needed any more
// fails like one that is missing.

/** Why ours is not theirs, and in which vectors. */
const differences: Readonly<Record<string, readonly string[]>> = {
  'Any number of slashes behind the host is taken off; theirs leave "//oidc/auth".': [
    'js4-authz-oidc-two-trailing-slashes',
    'v2-authz-oidc-trailing-slash',
  ],
  'A missing appHost is an error by name; the JavaScript SDK silently takes the host of another product.': [
    'js4-authz-oidc-no-apphost',
  ],
  'There is one way to name the host, appHost; the older option domain is gone.': ['js4-authz-oidc-domain'],
  'prompt, maxAge, loginHint and uiLocales are sent; the JavaScript SDK drops them.': ['js4-authz-oidc-extra-params'],
  'OAuth 2.0 has no response type id_token; the Python SDK refuses it too.': ['js4-authz-oauth-bad-response-type'],
  'The address after logout is encoded; theirs is cut at its first "&".': [
    'js4-logout-oidc-redirect',
    'js4-logout-oidc-expert-both',
    'js4-logout-saml-redirect',
    'js4-logout-saml-expert-both',
    'js4-logout-cas-redirect',
    'js4-logout-cas-expert-both',
  ],
  'An ID token without expert is an error, since it would not be sent; theirs drop it.': [
    'js4-logout-oidc-redirect-idtoken',
    'v2-logout-oidc-both',
  ],
  'OAuth 2.0 and SAML have the easy logout, as in the JavaScript SDK; the Python SDK gives None.': [
    'v2-logout-oauth-none',
    'v2-logout-oauth-expert-none',
    'v2-logout-oauth-both',
    'v2-logout-oauth-expert-both',
    'v2-logout-saml-none',
    'v2-logout-saml-expert-none',
    'v2-logout-saml-both',
    'v2-logout-saml-idtoken',
  ],
  'A verifier has 43 characters at least (RFC 7636 section 4.1); the Python SDK says so too.': [
    'js4-pkce-digest-short',
  ],
  'Without a secret the client is a public one, and says so on the wire; theirs ask for a secret.': [
    'js4-code-no-secret',
    'v2-code-no-secret',
  ],
  'The redirect URI is asked for before the code is spent; the JavaScript SDK leaves it out of the body.': [
    'js4-code-no-redirect',
  ],
  'The default is client_secret_post, as the page says; in the Python SDK it is None, and the call raises.': [
    'v2-code-default-method',
    'v2-refresh-default-method',
    'v2-introspect-default-method',
    'v2-revoke-default-method',
  ],
  'Revocation by client_secret_basic works for OAuth 2.0, as in the Python SDK; the JavaScript SDK refuses it.': [
    'js4-revoke-oauth-client_secret_basic',
  ],
  'A machine signs in with keys of its own; the app secret never takes their place.': ['js4-cc-empty-options'],
  'SAML has no tokens; the Python SDK posts to the OAuth side.': ['v2-cc-saml'],
  'The access token travels in a header, and by GET; never in an address or a body, and there is no choice.': [
    'js4-me-oidc-default',
    'js4-me-oidc-GET-query',
    'js4-me-oidc-POST-header',
    'js4-me-oidc-POST-query',
    'js4-me-oauth-empty-options',
    'js4-me-oauth-GET-body',
    'js4-me-oauth-POST-header',
    'js4-me-bad-method',
    'js4-me-bad-place',
    'js4-me-post-default-place',
    'v2-me',
  ],
  'One token at a time is validated; the Python SDK drops the access token.': ['v2-validate-both'],
  'The token is encoded; the Python SDK cuts it at its first "&".': ['v2-validate-special'],
  'Tickets of CAS, its session, and the exchange of an ID token have no function here.': [
    'js4-cas-v2-noticket',
    'js4-session',
    'js4-idtoken-exchange',
    'js4-idtoken-exchange-noscope',
    'v2-cas-v1-yes',
  ],
}
const reasons = new Map(Object.entries(differences).flatMap(([reason, ids]) => ids.map((id) => [id, reason] as const)))

interface Vector {
  readonly id: string
  readonly call: string
  readonly options: Readonly<Record<string, unknown>>
  readonly args: readonly unknown[]
  readonly kwargs?: Readonly<Record<string, unknown>>
  readonly returns?: unknown
  readonly throws?: unknown
  readonly requests?: readonly Recorded[]
  readonly server?: { readonly status: number; readonly type?: string | null; readonly body: string }
}

interface Recorded {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const vectors: readonly Vector[] = recorded.vectors
const HOST = 'https://app-host.example'

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const camelKeys = (given: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [camel(name), value]))

/** Their client's options by our names. The tenant and the language of a client are sent in headers only. */
function inputOf({ options }: Vector): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(camelKeys(options))) {
    if (name === 'tenantId' || name === 'lang' || name === 'domain') continue
    input[name.replace('EndPoint', 'Endpoint')] = value === '<APP_HOST>' ? HOST : value
  }
  return input
}

type Call = (config: Config, first: unknown, second: unknown, third: unknown) => unknown
type Given<F extends (...args: never[]) => unknown> = Parameters<F>[1]

/** Our function for each of theirs. Their positional arguments are params of ours. */
const calls: Readonly<Record<string, Call>> = {
  buildAuthorizeUrl: (config, params) => buildAuthorizeUrl(config as OidcConfig, params as object),
  buildLogoutUrl: (config, params) => buildLogoutUrl(config, params as object),
  getAccessTokenByCode: (config, code, more) =>
    getAccessTokenByCode(config as OidcConfig, { code: code as string, ...(more as object) }),
  getNewAccessTokenByRefreshToken: (config, token) =>
    getNewAccessTokenByRefreshToken(config as OidcConfig, token as string),
  getUserInfoByAccessToken: (config, token) => getUserInfoByAccessToken(config as OidcConfig, token as string),
  introspectToken: (config, token) => introspectToken(config as OidcConfig, token as string),
  revokeToken: (config, token) => revokeToken(config as OidcConfig, token as string),
  validateToken: (config, token) => validateToken(config as OidcConfig, token as Given<typeof validateToken>),
  getAccessTokenByClientCredentials: (config, scope, keys, accessSecret) =>
    getAccessTokenByClientCredentials(
      config as OidcConfig,
      {
        scope,
        ...(typeof keys === 'string' ? { accessKey: keys, accessSecret } : (keys as object)),
      } as Given<typeof getAccessTokenByClientCredentials>,
    ),
  generateCodeChallenge: (_, length) => generateCodeChallenge(length as number),
  generateCodeChallengeDigest: (_, codeChallenge, method) =>
    generateCodeChallengeDigest(codeChallenge as string, method as 'S256' | undefined),
  getCodeChallengeDigest: (_, params) => {
    const { codeChallenge, method } = params as { codeChallenge: string; method?: 'S256' | 'plain' }
    return generateCodeChallengeDigest(codeChallenge, method)
  },
}

/** What a call comes to on the wire: a link, requests, a text, or nothing at all. */
interface Outcome {
  readonly link?: unknown
  readonly requests: readonly unknown[]
  readonly text?: string
  readonly noFunction?: string
}

const sorted = (params: URLSearchParams): readonly string[] =>
  [...params].map(([name, value]) => `${name}=${value}`).sort()
const linkOf = (href: string) => {
  const { origin, pathname, searchParams } = new URL(href)
  return { origin, path: pathname, query: sorted(searchParams) }
}
/** Theirs is raw, ours form-encoded: what they stand for is compared here, and how it is encoded below. */
const credentialsOf = (authorization: string | undefined, decode: (text: string) => string) =>
  authorization === undefined
    ? undefined
    : Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':').map(decode).join(':')
const requestOf = ({ method, target, headers, body }: Recorded, decode: (text: string) => string = (text) => text) => ({
  method,
  path: new URL(target, HOST).pathname,
  query: sorted(new URL(target, HOST).searchParams),
  body: sorted(new URLSearchParams(body)),
  basic: credentialsOf(headers['authorization'], decode),
})

/** A verifier is another one at each call: what is compared is that it is one, and how long. */
const textOf = (call: string, text: string): string =>
  camel(call) === 'generateCodeChallenge' && /^[\w.~-]+$/.test(text) ? `${text.length} characters` : text

function theirs({ call, returns, requests = [] }: Vector): Outcome {
  const sent = requests.map((request) => requestOf(request))
  if (typeof returns !== 'string' || sent.length > 0 || returns === '<undefined>') return { requests: sent }
  return /^https?:/.test(returns)
    ? { requests: [], link: linkOf(returns) }
    : { requests: [], text: textOf(call, returns) }
}

interface Ours extends Outcome {
  readonly sent: readonly Recorded[]
}

async function ours(vector: Vector): Promise<Ours> {
  const call = calls[camel(vector.call)]
  if (!call) return { requests: [], noFunction: vector.call, sent: [] }
  const { status, type, body: answer } = vector.server ?? { status: 200, type: 'application/json', body: '{"ok":true}' }
  const sent: Recorded[] = []
  const fetch = async (url: string, { method, headers, body = '' }: FetchInit) => {
    sent.push({ method, target: url.slice(HOST.length), headers, body })
    return new Response(answer, { status, headers: type ? { 'content-type': type } : {} })
  }
  const formDecode = (text: string): string => new URLSearchParams(`x=${text}`).get('x') ?? ''
  const requests = () => sent.map((request) => requestOf(request, formDecode))
  try {
    const config = defineConfig({ ...inputOf(vector), fetch } as unknown as ConfigInput<'oidc'>)
    const [first, second, third] =
      vector.kwargs && Object.keys(vector.kwargs).length > 0
        ? [...vector.args, camelKeys(vector.kwargs)]
        : vector.args.map((value) => (typeof value === 'object' && value !== null ? camelKeys(value) : value))
    const result = await call(config, first, second, third)
    if (result instanceof URL) return { requests: requests(), link: linkOf(result.href), sent }
    if (sent.length > 0 || typeof result !== 'string') return { requests: requests(), sent }
    return { requests: [], text: textOf(vector.call, result), sent }
  } catch (error) {
    // "ok: true" is no token answer: what counts is what was asked.
    if (!isOidcError(error)) throw error
    return { requests: requests(), sent }
  }
}

const comparable = ({ sent: _, ...outcome }: Ours): Outcome => outcome

describe('for the same options and arguments', () => {
  it.each(vectors.filter(({ id }) => !reasons.has(id)).map((vector) => [vector.id, vector] as const))(
    '%s: the same method, path, query and body',
    async (_, vector) => {
      expect(comparable(await ours(vector))).toEqual(theirs(vector))
    },
  )
})

describe.each(Object.entries(differences))('%s', (_, ids) => {
  it.each(ids)('%s differs', async (id) => {
    const vector = vectors.find((one) => one.id === id)
    if (!vector) throw new Error(`There is no vector ${id}: take it out of the table.`)
    expect(comparable(await ours(vector)), 'it is equal: take it out of the table').not.toEqual(theirs(vector))
  })
})

describe('the table of differences', () => {
  it('names each vector once', () => {
    const listed = Object.values(differences).flat()
    expect(listed).toHaveLength(new Set(listed).size)
  })

  it('leaves most of what was recorded as it is', () => {
    expect(vectors).toHaveLength(137)
    expect(reasons.size).toBeLessThan(vectors.length / 2)
  })
})

describe('beside method, path, query and body', () => {
  const basics = vectors.filter(({ requests = [] }) =>
    requests.some(({ headers }) => headers['authorization']?.startsWith('Basic ')),
  )

  it.each(basics.map((vector) => [vector.id, vector] as const))(
    '[R8] %s: id and secret are form-encoded before they go into Basic; theirs go raw',
    async (_, vector) => {
      const [request] = (await ours(vector)).sent
      const [id, secret] = Buffer.from(request?.headers['authorization']?.slice(6) ?? '', 'base64')
        .toString()
        .split(':')
      expect(id).toBe(recorded.meta.constants.appId)
      expect(`x=${secret ?? ''}`).toBe(String(new URLSearchParams({ x: recorded.meta.constants.secret })))
    },
  )

  it('none of the headers is sent by which the SDKs tell their version, language and application', async () => {
    const names = new Set<string>()
    for (const vector of vectors) {
      for (const { headers } of (await ours(vector)).sent) for (const name of Object.keys(headers)) names.add(name)
    }
    expect([...names].sort()).toEqual(['accept', 'authorization', 'content-type'])
  })

  it('each call makes one request at most', async () => {
    for (const vector of vectors) expect((await ours(vector)).sent.length, vector.id).toBeLessThanOrEqual(1)
  })
})

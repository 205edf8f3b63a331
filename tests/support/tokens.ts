/**
 * Tokens for tests, signed with Node's own crypto: neither the code under test nor a library that it is compared with
 * has a hand in them.
 */
import {
  constants,
  createHash,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  sign as signBytes,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'
import type { FetchInit, FetchLike, OidcConfig, SigningAlg } from '@genauth-oidc/core/types'

/** The application that all tokens are for, unless a test says otherwise. */
export const appId = '5f17a529f64fb009b794a2ff'
export const appHost = 'https://sample-app.genauth.ai'
export const issuer = `${appHost}/oidc`
export const redirectUri = 'https://app.example.com/callback'
/** Long enough for HS512. */
export const secret = 'a-secret-of-an-application-that-is-long-enough-for-every-one-of-the-hmacs'
export const subject = '5f64afd1ad501364e3b43c1e'
export const nonce = 'n-0S6_WzA2MjVnbmNlLW9mLTQzLWNoYXJhY3RlcnMtYQ'
/** Epoch seconds at which every token here is fresh. */
export const now = 1_800_000_000
/** Options with the clock so many seconds after `now`. */
export const at = (seconds = 0) => ({ now: (now + seconds) * 1000 })

/** A confidential GenAuth application: HS256 by default. */
export const config = { appId, appHost, secret, redirectUri } as const satisfies OidcConfig

export type Claims = Record<string, unknown>

/** A key pair: the public part as it stands in a JWKS. */
export interface TestKey {
  readonly alg: SigningAlg
  readonly kid: string
  readonly privateKey: KeyObject
  readonly jwk: JsonWebKey & { kid: string }
}

const made = new Map<string, TestKey>()

/** A key pair for an algorithm; the same one whenever the same name is given. RSA has 2048 bits unless `bits` says otherwise. */
export function keyOf(alg: SigningAlg, kid = `${alg}-key`, bits = 2048): TestKey {
  const name = `${alg} ${kid} ${bits}`
  let key = made.get(name)
  if (!key) {
    const { privateKey, publicKey } = generate(alg, bits)
    key = {
      alg,
      kid,
      privateKey,
      jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
    }
    made.set(name, key)
  }
  return key
}

function generate(alg: SigningAlg, bits: number) {
  switch (alg) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' })
    case 'ES512':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' })
    case 'EdDSA':
    case 'Ed25519':
      return generateKeyPairSync('ed25519')
    default:
      return generateKeyPairSync('rsa', { modulusLength: bits })
  }
}

/** Base64url of a text, of bytes, or of an object's JSON. */
export const base64url = (value: string | Uint8Array | object): string =>
  Buffer.from(typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value)).toString(
    'base64url',
  )

/** How a token is signed. */
export interface How {
  /** Default: HS256. It decides how the bytes are signed. */
  readonly alg?: SigningAlg | undefined
  /** Laid over the header; a member that is `undefined` is left out. */
  readonly header?: Claims | undefined
  /** For HS*. Default: `secret`. */
  readonly secret?: string | Uint8Array | undefined
  /** For all others. Default: `keyOf(alg)`. */
  readonly key?: TestKey | KeyObject | undefined
}

/** Signs bytes the way that an algorithm says. */
export function signature(signed: string, { alg = 'HS256', secret: own = secret, key = keyOf(alg) }: How = {}): Buffer {
  const bits = /\d{3}$/.exec(alg)?.[0] ?? ''
  if (alg.startsWith('HS')) return createHmac(`sha${bits}`, own).update(signed).digest()
  const privateKey = 'privateKey' in key ? key.privateKey : key
  const data = Buffer.from(signed)
  if (alg.startsWith('Ed')) return signBytes(null, data, privateKey)
  if (alg.startsWith('ES')) return signBytes(`sha${bits}`, data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const padding = alg.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { padding: constants.RSA_PKCS1_PADDING }
  return signBytes(`sha${bits}`, data, { key: privateKey, ...padding })
}

/** Makes a compact JWT. A payload given as a string is taken as its JSON text. */
export function jwt(payload: Claims | string, how: How = {}): string {
  const { alg = 'HS256', key } = how
  const kid = alg.startsWith('HS') ? undefined : key && 'kid' in key ? key.kid : keyOf(alg).kid
  const signed = `${base64url({ alg, typ: 'JWT', kid, ...how.header })}.${base64url(payload)}`
  return `${signed}.${base64url(signature(signed, how))}`
}

/** `at_hash`, `c_hash` or `s_hash` of a value, for a token that is signed with an algorithm. */
export function halfHash(value: string, alg: SigningAlg = 'HS256'): string {
  const digest = createHash(`sha${/[HRPE]S(\d{3})/.exec(alg)?.[1] ?? '512'}`)
    .update(value)
    .digest()
  return base64url(digest.subarray(0, digest.length / 2))
}

/** The payload of a token, unchecked. */
export const payloadOf = (token: string): Claims =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims

/** Claims of a good ID token; a change that is `undefined` leaves a claim out. */
export const idClaims = (changes: Claims = {}): Claims => ({
  iss: issuer,
  sub: subject,
  aud: appId,
  exp: now + 3600,
  iat: now,
  nonce,
  ...changes,
})

/** Claims of a good access token of GenAuth's shape. */
export const accessClaims = (changes: Claims = {}): Claims => ({
  jti: 'lw845nstg0Kq-19huZP8v',
  sub: subject,
  iat: now,
  exp: now + 3600,
  scope: 'openid profile orders:read',
  iss: issuer,
  aud: appId,
  ...changes,
})

/** Claims of a good access token of RFC 9068. */
export const standardAccessClaims = (changes: Claims = {}): Claims =>
  accessClaims({ client_id: appId, aud: 'https://api.example.com', ...changes })

export const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

/** Claims of a good logout token. */
export const logoutClaims = (changes: Claims = {}): Claims => ({
  iss: issuer,
  sub: subject,
  sid: 'a-session',
  aud: appId,
  iat: now,
  exp: now + 120,
  jti: 'a-logout',
  events: { [logoutEvent]: {} },
  ...changes,
})

/** The text of a private key in PKCS #8, for libraries that want to import one. */
export const pemOf = ({ privateKey }: TestKey): string => privateKey.export({ format: 'pem', type: 'pkcs8' }) as string

/** A private key from its JWK. */
export const privateKeyOf = (jwk: JsonWebKey): KeyObject => createPrivateKey({ key: jwk, format: 'jwk' })

/** One request that a double of a provider got. */
export interface Call {
  readonly url: URL
  readonly method: string
  readonly headers: Record<string, string>
  readonly form: URLSearchParams
}

/** A JSON answer. */
export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })

/** A fetch that answers from a function and remembers what it was asked. Each one has a key cache of its own. */
export function fakeFetch(answer: (call: Call) => unknown): { readonly fetch: FetchLike; readonly calls: Call[] } {
  const calls: Call[] = []
  const fetch = async (url: string, { method, headers, body }: FetchInit) => {
    const call = { url: new URL(url), method, headers, form: new URLSearchParams(body) }
    calls.push(call)
    const given = await answer(call)
    return given instanceof Response ? given : json(given)
  }
  return { fetch, calls }
}

/** A fetch that gives a key set: the public parts of keys, or JWKs as they are. */
export const jwksFetch = (...keys: (TestKey | JsonWebKey)[]) =>
  fakeFetch(() => ({ keys: keys.map((key) => ('jwk' in key ? key.jwk : key)) }))

/** Repeatable randomness (mulberry32): numbers from 0 to 1, so that a failing case can be run again. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

// What a provider would answer: keys, ID tokens of GenAuth's shape (about 25 claims, most of them null), token answers.
const { subtle } = crypto

export const issuer = 'https://sample-app.genauth.ai/oidc'
export const clientId = '5f17a529f64fb009b794a2ff'
export const secret = 'fcb8df2cb9d02ae0ee5ae0a1ac3d3b84'
export const nonce = 'Zr2oYt7bTtq3x8Vb0n9hJQ'
export const state = 'hG6p1yq8s0vVb3k2WmTz4A'
export const code = 'm9qk2v0rJx7Yc3b1Lw8Zt5Ns4Hf6Gd0P'
export const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const codeChallenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
export const redirectUri = 'https://app.example.com/callback'
export const scope = 'openid profile email phone address offline_access'
export const endpoints = {
  authorization: `${issuer}/auth`,
  token: `${issuer}/token`,
  introspection: `${issuer}/token/introspection`,
  userInfo: `${issuer}/me`,
  jwks: `${issuer}/.well-known/jwks.json`,
}

const base64url = (data) => Buffer.from(data).toString('base64url')
const utf8 = (text) => new TextEncoder().encode(text)

/** How WebCrypto names the algorithms. */
export const algorithms = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', hash: 'SHA-256', namedCurve: 'P-256' },
  Ed25519: { name: 'Ed25519' },
}

export async function makeKeys(alg, kid = `key-${alg}`) {
  if (alg == 'HS256') {
    const key = await subtle.importKey('raw', utf8(secret), algorithms.HS256, false, ['sign', 'verify'])
    return { privateKey: key, publicKey: key }
  }
  const more = alg == 'RS256' ? { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) } : {}
  const pair = await subtle.generateKey({ ...algorithms[alg], ...more }, true, ['sign', 'verify'])
  const { kty, n, e, crv, x, y } = await subtle.exportKey('jwk', pair.publicKey)
  return { ...pair, jwk: { kty, n, e, crv, x, y, kid, use: 'sig', alg } }
}

export async function sign(alg, { privateKey, jwk }, claims) {
  const header = { alg, typ: 'JWT', ...(jwk && { kid: jwk.kid }) }
  const text = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`
  return `${text}.${base64url(await subtle.sign(algorithms[alg], privateKey, utf8(text)))}`
}

const accessClaims = () => ({
  jti: 'm7sVb1kQ0xTz',
  sub: '5f719946524ee1099229496b',
  iat: seconds(),
  exp: seconds() + 1209600,
  scope,
  iss: issuer,
  aud: clientId,
})
const seconds = () => Math.floor(Date.now() / 1000)

export const idClaims = (more = {}) => ({
  sub: '5f719946524ee1099229496b',
  birthdate: null,
  family_name: null,
  gender: 'U',
  given_name: null,
  locale: null,
  middle_name: null,
  name: '\u738b\u5c0f\u660e',
  nickname: null,
  picture: 'https://files.authing.co/authing-console/default-user-avatar.png',
  preferred_username: null,
  profile: null,
  updated_at: '2026-03-03T06:17:14.485Z',
  website: null,
  zoneinfo: null,
  email: 'test3@authing.cn',
  email_verified: false,
  phone_number: null,
  phone_number_verified: false,
  nonce,
  aud: clientId,
  exp: seconds() + 1209600,
  iat: seconds(),
  iss: issuer,
  ...more,
})

/** A provider that answers from memory. `atHash`: whether its ID tokens have one. */
export async function makeProvider(alg, { atHash = true } = {}) {
  const keys = await makeKeys(alg)
  const accessKeys = alg == 'HS256' ? await makeKeys('RS256') : keys
  const accessToken = await sign(alg == 'HS256' ? 'RS256' : alg, accessKeys, accessClaims())
  const hash = await subtle.digest('SHA-256', utf8(accessToken))
  const claims = idClaims(atHash ? { at_hash: base64url(new Uint8Array(hash).slice(0, 16)) } : {})
  const idToken = await sign(alg, keys, claims)
  const jwks = { keys: keys.jwk ? [keys.jwk] : [] }
  const tokens = {
    access_token: accessToken,
    expires_in: 1209600,
    id_token: idToken,
    refresh_token: 'WPsGJbvpBjqXz6IJIr1UHKyrdVF',
    scope,
    token_type: 'Bearer',
  }
  return { alg, keys, jwks, idToken, accessToken, claims, tokens }
}

const json = { 'content-type': 'application/json; charset=utf-8' }

/** A fetch that answers with this body, from memory. */
export function answering(body) {
  const text = JSON.stringify(body)
  return async () => new Response(text, { headers: json })
}

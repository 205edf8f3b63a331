/**
 * Confusion of algorithms and keys (RFC 8725 sections 2 and 3): each token here would sign somebody in if the code that
 * checks it took an algorithm, a key or a way of checking from the token.
 */
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { OidcConfig, SigningAlg } from '@genauth-oidc/core/types'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { verifyLogoutToken } from '@genauth-oidc/verify/verifyLogoutToken'
import {
  accessClaims,
  appHost,
  appId,
  at,
  base64url,
  config as confidential,
  idClaims,
  jwksFetch,
  jwt,
  keyOf,
  logoutClaims,
  nonce,
  secret,
  signature,
  subject,
  type Claims,
  type How,
  type TestKey,
} from '../support/tokens.js'

const rsa = keyOf('RS256', 'the-key')
const evil = keyOf('RS256', 'evil')
const kid = rsa.kid

const bare = { appId, appHost } as const
const rs256 = {
  ...bare,
  secret,
  idTokenSigningAlgs: ['RS256'],
  fetch: jwksFetch(rsa).fetch,
} as const satisfies OidcConfig
const spa = { ...bare, fetch: jwksFetch(rsa).fetch } as const satisfies OidcConfig
const changing = { ...rs256, idTokenSigningAlgs: ['HS256', 'RS256'] } as const satisfies OidcConfig
const hs256 = { ...confidential, fetch: jwksFetch(rsa).fetch } as const satisfies OidcConfig

/** What makes a token of given claims. */
type Make = (claims: Claims) => string

const made =
  (how?: How): Make =>
  (claims) =>
    jwt(claims, how)

/** A token with any header and any signature. */
const raw =
  (header: unknown, signed: string | Uint8Array | How = {}): Make =>
  (claims) => {
    const head = `${base64url(JSON.stringify(header))}.${base64url(claims)}`
    const end = typeof signed === 'string' || signed instanceof Uint8Array ? signed : signature(head, signed)
    return `${head}.${typeof end === 'string' ? end : base64url(end)}`
  }

interface Attack {
  readonly name: string
  readonly config: OidcConfig
  readonly make: Make
  /** For the kinds of token that it would be an attack with. */
  readonly only?: 'ID token'
}
const attacks: Attack[] = []
const attack = (name: string, config: OidcConfig, make: Make, only?: 'ID token') =>
  attacks.push({ name, config, make, ...(only && { only }) })

const clients = { 'an HS256 client': hs256, 'an RS256 client': rs256, 'a client that changes over': changing } as const

// No signature at all, and names that only look like an algorithm.
for (const alg of [
  'none',
  'None',
  'NONE',
  'nOnE',
  ' none',
  'none ',
  'none\u0000',
  '',
  'hs256',
  'HS256 ',
  'HS 256',
  'HS1',
  'HMAC',
  'RS',
  'rs256',
])
  for (const [client, config] of Object.entries(clients)) {
    attack(`alg ${JSON.stringify(alg)} without a signature on ${client}`, config, raw({ alg, kid }, ''))
    attack(`alg ${JSON.stringify(alg)} with the signature of HS256 on ${client}`, config, raw({ alg, kid }, { secret }))
    attack(
      `alg ${JSON.stringify(alg)} with the signature of RS256 on ${client}`,
      config,
      raw({ alg, kid }, { alg: 'RS256', key: evil }),
    )
  }
for (const alg of [null, undefined, true, 256, ['HS256'], { name: 'HS256' }])
  for (const [client, config] of Object.entries(clients))
    attack(`alg ${JSON.stringify(alg) ?? 'missing'} on ${client}`, config, raw({ alg, kid }, { secret }))

// The public key taken for a secret, in every form in which somebody may have it.
const publicKey = createPublicKey(rsa.privateKey)
const spkiPem = publicKey.export({ format: 'pem', type: 'spki' }) as string
const publicForms: Record<string, string | Uint8Array> = {
  'SPKI PEM': spkiPem,
  'SPKI PEM without its last line break': spkiPem.trim(),
  'SPKI PEM with CR LF': spkiPem.replace(/\n/g, '\r\n'),
  'PKCS #1 PEM': publicKey.export({ format: 'pem', type: 'pkcs1' }),
  'SPKI DER': publicKey.export({ format: 'der', type: 'spki' }),
  'PKCS #1 DER': publicKey.export({ format: 'der', type: 'pkcs1' }),
  JWK: JSON.stringify(rsa.jwk),
  'canonical JWK': JSON.stringify({ e: rsa.jwk.e, kty: 'RSA', n: rsa.jwk.n }),
  'key set': JSON.stringify({ keys: [rsa.jwk] }),
  modulus: Buffer.from(rsa.jwk.n ?? '', 'base64url'),
  'modulus as text': rsa.jwk.n ?? '',
  'key id': kid,
}
for (const [form, own] of Object.entries(publicForms))
  for (const alg of ['HS256', 'HS512'] as const)
    for (const [client, config] of Object.entries({ ...clients, 'a public client': spa }))
      attack(
        `${alg} keyed with the public key as ${form} on ${client}`,
        config,
        made({ alg, secret: own, header: { kid } }),
      )

// Keys that anybody has.
const guesses = ['', '\0', '0', 'null', 'undefined', 'secret', appId, '[object Object]', '() => secret', 'x'.repeat(32)]
for (const own of guesses)
  for (const [client, config] of Object.entries({ ...clients, 'a public client': spa }))
    attack(`HS256 keyed with ${JSON.stringify(own)} on ${client}`, config, made({ secret: own }))
for (const own of ['', 'short', 'x'.repeat(31)]) {
  attack(
    `HS256 with the config's own secret of ${own.length} characters`,
    { ...confidential, secret: own },
    made({ secret: own }),
  )
  attack(
    `HS256 with a function's secret of ${own.length} characters`,
    { ...confidential, secret: () => own },
    made({ secret: own }),
  )
}
for (const [what, value] of Object.entries({
  null: null,
  undefined,
  0: 0,
  NaN,
  true: true,
  '[object Object]': {},
  '': [],
})) {
  const config = { ...confidential, secret: value, idTokenSigningAlgs: ['HS256'] } as unknown as OidcConfig
  attack(`HS256 keyed with the text of a secret that is ${what || 'a list'}`, config, made({ secret: what }))
  const giving = { ...config, secret: () => value } as unknown as OidcConfig
  attack(`HS256 keyed with the text of a given secret that is ${what || 'a list'}`, giving, made({ secret: what }))
}
const failing = () => {
  throw new Error('the store is down')
}
attack(
  'HS256 keyed with nothing where the secret store is down',
  { ...confidential, secret: failing },
  made({ secret: '' }),
)

// Another algorithm with the right key or secret.
attack('HS256 with the right secret on an RS256 client', rs256, made())
attack(
  'HS256 with the right secret and the key id of a public key on an RS256 client',
  rs256,
  made({ header: { kid } }),
)
for (const alg of ['HS384', 'HS512'] as const)
  attack(`${alg} with the right secret on an HS256 client`, hs256, made({ alg }))
attack('RS256 with the provider’s key on an HS256 client', hs256, made({ alg: 'RS256', key: rsa }), 'ID token')
for (const alg of ['RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const)
  attack(`${alg} with the provider’s key on an RS256 client`, rs256, made({ alg, key: rsa }))

// A header that says one algorithm over the signature of another, by the very same key.
const hmacs = ['HS256', 'HS384', 'HS512'] as const
const rsas = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const
const openKey = { ...rsa.jwk, alg: undefined } as JsonWebKey
for (const family of [hmacs, rsas])
  for (const said of family)
    for (const done of family)
      if (said !== done)
        attack(
          `${said} in the header over a signature of ${done}`,
          { ...bare, secret, idTokenSigningAlgs: [...hmacs, ...rsas], fetch: jwksFetch(openKey).fetch },
          raw({ alg: said, ...(family === rsas && { kid }) }, { alg: done, key: rsa }),
        )

// The same key id on a key of another type, curve or algorithm.
const asymmetric = ['RS256', 'PS384', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const satisfies SigningAlg[]
for (const said of asymmetric)
  for (const other of asymmetric)
    if (said !== other) {
      const { jwk } = keyOf(other, 'same')
      const config = { ...bare, idTokenSigningAlgs: asymmetric, fetch: jwksFetch({ ...jwk, alg: undefined }).fetch }
      const signer = keyOf(other, 'same')
      if (said.slice(1, 2) === other.slice(1, 2) && /^[RP]S/.test(said)) continue
      attack(
        `${said} in the header over the key and signature of ${other}`,
        config,
        raw({ alg: said, kid: 'same' }, { alg: other, key: signer }),
      )
      attack(
        `${said} by another key whose id is that of an ${other} key`,
        config,
        raw({ alg: said, kid: 'same' }, { alg: said }),
      )
    }

// Keys that a token brings along, or points to.
const certificate = ['MIIB' + 'A'.repeat(200)]
const carried: Record<string, Claims> = {
  jwk: { jwk: evil.jwk },
  'jwk without a key id': { jwk: evil.jwk, kid: undefined },
  'private jwk': { jwk: evil.privateKey.export({ format: 'jwk' }) },
  'symmetric jwk': { jwk: { kty: 'oct', k: base64url(secret) } },
  jku: { jku: 'https://evil.example/jwks.json' },
  'jku of the provider': { jku: `${appHost}/oidc/.well-known/jwks.json` },
  x5u: { x5u: 'https://evil.example/cert.pem' },
  x5c: { x5c: certificate },
  x5t: { x5t: 'abc', 'x5t#S256': 'abc' },
  'key id of its own': { kid: 'evil' },
  'no key id': { kid: undefined },
  'key id that is a path': { kid: '../../../../dev/null' },
  'key id that is an address': { kid: 'https://evil.example/key' },
  'key id that is a query': { kid: "' OR 1=1 --" },
  'key id that is a list': { kid: [kid] },
  'key id that is an object': { kid: { kid } },
  'key id that is null': { kid: null },
  'key id __proto__': { kid: '__proto__' },
}
for (const [what, header] of Object.entries(carried))
  for (const [client, config] of Object.entries({
    'an RS256 client': rs256,
    'a public client': spa,
    'a client that changes over': changing,
  }))
    attack(
      `a foreign key with ${what} on ${client}`,
      config,
      made({ alg: 'RS256', key: evil, header: { kid, ...header } }),
    )

// Extensions that change what a signature means.
const extensions: Record<string, Claims> = {
  'crit of a known name': { crit: ['exp'], exp: 9_999_999_999 },
  'crit of an unknown name': { crit: ['x-vendor'], 'x-vendor': 1 },
  'crit of alg': { crit: ['alg'] },
  'empty crit': { crit: [] },
  'crit that is text': { crit: 'b64' },
  'b64 false': { b64: false, crit: ['b64'] },
  'b64 false without crit': { b64: false },
  'b64 true': { b64: true },
  zip: { zip: 'DEF' },
}
for (const [what, header] of Object.entries(extensions)) {
  attack(`${what} under HS256`, hs256, made({ header }))
  attack(`${what} under RS256`, rs256, made({ alg: 'RS256', key: rsa, header }))
}
attack('an unencoded payload', hs256, (claims) => {
  const unencoded = `${base64url({ alg: 'HS256', b64: false, crit: ['b64'] })}.${JSON.stringify(claims).replace(/\./g, '')}`
  return `${unencoded}.${base64url(signature(unencoded))}`
})

// Signatures of a wrong form.
const reshaped =
  (how: How, change: (right: Buffer) => Uint8Array): Make =>
  (claims) => {
    const [head = '', body = '', end = ''] = jwt(claims, how).split('.')
    return `${head}.${body}.${base64url(change(Buffer.from(end, 'base64url')))}`
  }
const rsaForms: Record<string, (right: Buffer) => Uint8Array> = {
  'of zeros': () => Buffer.alloc(256),
  'of one': () => Buffer.concat([Buffer.alloc(255), Buffer.of(1)]),
  'that is empty': () => Buffer.alloc(0),
  'with a zero before it': (right) => Buffer.concat([Buffer.of(0), right]),
  'with a zero behind it': (right) => Buffer.concat([right, Buffer.of(0)]),
  'that is cut': (right) => right.subarray(0, 255),
  'that is reversed': (right) => right.reverse(),
}
for (const [what, form] of Object.entries(rsaForms))
  attack(`an RSA signature ${what}`, rs256, reshaped({ alg: 'RS256', key: rsa }, form))
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
const es256 = {
  ...bare,
  idTokenSigningAlgs: ['ES256'],
  fetch: jwksFetch(keyOf('ES256')).fetch,
} as const satisfies OidcConfig
const ecForms: Record<string, Uint8Array> = {
  'of zeros': Buffer.alloc(64),
  'whose r is 0': Buffer.concat([Buffer.alloc(32), order]),
  'of the order twice': Buffer.concat([order, order]),
  'that is empty': Buffer.alloc(0),
  'of 63 bytes': Buffer.alloc(63, 1),
  'of 65 bytes': Buffer.alloc(65, 1),
  'in DER': Buffer.from('3006020101020101', 'hex'),
}
for (const [what, form] of Object.entries(ecForms))
  attack(`an ECDSA signature ${what}`, es256, raw({ alg: 'ES256', kid: keyOf('ES256').kid }, form))
const macForms: Record<string, (right: Buffer) => Uint8Array> = {
  'that is empty': () => Buffer.alloc(0),
  'of its first 16 bytes': (right) => right.subarray(0, 16),
  'of its first byte': (right) => right.subarray(0, 1),
  'with more behind it': (right) => Buffer.concat([right, Buffer.alloc(1)]),
  twice: (right) => Buffer.concat([right, right]),
}
for (const [what, form] of Object.entries(macForms)) attack(`an HMAC ${what}`, hs256, reshaped({}, form))

// Encrypted ones, which anybody with the public key or the secret's name can make.
for (const header of [
  { alg: 'dir', enc: 'A128CBC-HS256' },
  { alg: 'RSA-OAEP', enc: 'A256GCM', kid },
  { alg: 'RSA1_5', enc: 'A256GCM', kid },
  { alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2_147_483_647, p2s: 'AAAAAAAA' },
]) {
  attack(`${header.alg} in five parts`, rs256, () => `${base64url(header)}.AAAA.AAAA.AAAA.AAAA`)
  attack(`${header.alg} in three parts`, rs256, raw(header, { alg: 'RS256', key: evil }))
}

// Keys of the provider that prove nothing.
const jwks = (...keys: (TestKey | JsonWebKey)[]) => ({ ...spa, fetch: jwksFetch(...keys).fetch })
const privateJwk = { ...rsa.jwk, ...rsa.privateKey.export({ format: 'jwk' }) }
const signed = (key: TestKey) => made({ alg: 'RS256', key })
attack('a private key in the set', jwks(privateJwk), signed(rsa))
attack('a key of 1024 bits', jwks(keyOf('RS256', 'weak', 1024)), signed(keyOf('RS256', 'weak', 1024)))
attack('a key of 2040 bits', jwks(keyOf('RS256', 'almost', 2040)), signed(keyOf('RS256', 'almost', 2040)))
attack('a key of 8208 bits', jwks({ ...rsa.jwk, n: `x${'A'.repeat(1366)}B` }), signed(rsa))
attack('two keys of one id', jwks(rsa, { ...evil.jwk, kid }), signed(rsa))
attack(
  'a symmetric key in the set, for HS256',
  { ...jwks({ kty: 'oct', k: base64url('x'.repeat(32)), kid }), idTokenSigningAlgs: ['HS256'] },
  made({ secret: 'x'.repeat(32), header: { kid } }),
)
attack(
  'a symmetric key in the set, for RS256',
  jwks({ kty: 'oct', k: base64url('x'.repeat(32)), kid, alg: 'RS256' }),
  raw({ alg: 'RS256', kid }, { secret: 'x'.repeat(32) }),
)
attack('a key for encryption', jwks({ ...rsa.jwk, use: 'enc' }), signed(rsa))

const refused = async (judged: Promise<unknown>) => {
  const outcome = await judged.then(
    () => 'accepted',
    (error: unknown) => error,
  )
  expect(isOidcError(outcome, 'token_invalid', 'config_invalid') || outcome).toBe(true)
}

describe('a token that confuses algorithms or keys is refused', () => {
  it('in more than 60 combinations', () => {
    expect(attacks.length).toBeGreaterThan(60)
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length)
  })

  it.each(attacks)('$name', async ({ config, make, only }) => {
    await refused(verifyIdToken(config, make(idClaims()), { nonce }, at()))
    await refused(verifyLogoutToken(config, make(logoutClaims()), {}, at()))
    if (!only) await refused(verifyAccessToken(config, make(accessClaims()), {}, at()))
  })
})

describe('and yet a good token passes, for the same configs', () => {
  it.each<[string, OidcConfig, Make]>([
    ['an HS256 client', hs256, made()],
    ['an RS256 client', rs256, signed(rsa)],
    ['a public client', spa, signed(rsa)],
    ['a client that changes over, HS256', changing, made()],
    ['a client that changes over, RS256', changing, signed(rsa)],
    ['an ES256 client', es256, made({ alg: 'ES256' })],
    ['a set with one key beside a foreign one', jwks(rsa, evil), signed(rsa)],
  ])('%s', async (_, config, make) => {
    await expect(verifyIdToken(config, make(idClaims()), { nonce }, at())).resolves.toMatchObject({ sub: subject })
    await expect(verifyLogoutToken(config, make(logoutClaims()), {}, at())).resolves.toMatchObject({ sub: subject })
  })

  it('before and after an attack on the same client: a key at hand is good for its own algorithm only', async () => {
    const good = async () => {
      const judged = verifyIdToken(rs256, signed(rsa)(idClaims()), { nonce }, at())
      await expect(judged).resolves.toMatchObject({ sub: subject })
    }
    for (const alg of ['RS384', 'PS256', 'HS256'] as const) {
      await good()
      for (const make of [made({ alg, key: rsa, header: { kid } }), raw({ alg: 'RS256', kid }, { alg, key: rsa })])
        await refused(verifyIdToken(rs256, make(idClaims()), { nonce }, at()))
    }
    await good()
  })
})

import { createHash } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { answering, errorOf } from '../test/answering.js'
import { verifyMlDsaIdToken, type ExpectedMlDsaIdToken, type MlDsaAlg } from './verifyMlDsaIdToken.js'

const config = {
  appId: 'app',
  issuer: 'https://id.example.com',
  endpoints: { jwks: 'https://id.example.com/jwks' },
} as const
const now = 1_700_000_000
const claims = { iss: config.issuer, sub: 'user', aud: 'app', iat: now, exp: now + 60, nonce: 'n' }
const algs = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const

// As tests have it: no type of this project knows the algorithm.
const subtle = crypto.subtle as unknown as {
  generateKey(alg: string, extractable: boolean, uses: string[]): Promise<{ privateKey: unknown; publicKey: unknown }>
  exportKey(format: 'jwk', key: unknown): Promise<Record<string, unknown>>
  sign(alg: string, key: unknown, data: Uint8Array): Promise<ArrayBuffer>
}
const known = await subtle.generateKey('ML-DSA-44', false, ['sign', 'verify']).then(
  () => true,
  () => false,
)

interface Pair {
  readonly jwk: Record<string, unknown>
  readonly sign: (data: string) => Promise<ArrayBuffer>
}
const pair = async (alg: MlDsaAlg): Promise<Pair> => {
  const { privateKey, publicKey } = await subtle.generateKey(alg, true, ['sign', 'verify'])
  const { kty, pub } = await subtle.exportKey('jwk', publicKey)
  return {
    jwk: { kty, pub, alg, kid: alg, use: 'sig' },
    sign: async (data) => subtle.sign(alg, privateKey, new TextEncoder().encode(data)),
  }
}
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = async (sign: Pair['sign'], payload: object = claims, header: object = { alg: 'ML-DSA-44' }) => {
  const signed = `${part(header)}.${part(payload)}`
  return `${signed}.${Buffer.from(await sign(signed)).toString('base64url')}`
}
// SHAKE256 with the output that the hash claims take the left half of.
const half = (text: string) =>
  createHash('shake256', { outputLength: 64 }).update(text).digest().subarray(0, 32).toString('base64url')

describe('an ID token signed with ML-DSA', () => {
  const zeros = async () => new ArrayBuffer(2420)

  it('is refused before anything is asked where its algorithm is not on the list', async () => {
    const { fetch, sent } = answering({ body: { keys: [] } })
    for (const [alg, allowed] of [
      ['ML-DSA-44', ['ML-DSA-65']],
      ['none', undefined],
      ['HS256', undefined],
      ['EdDSA', undefined],
      ['ml-dsa-44', undefined],
    ] as const)
      expect(
        await errorOf(async () =>
          verifyMlDsaIdToken(config, await token(zeros, claims, { alg }), { algs: allowed }, { fetch }),
        ),
      ).toMatchObject({ code: 'token_invalid', check: 'alg' })
    expect(sent).toEqual([])
  })

  it('is checked with a store that is down, too: the provider is asked', async () => {
    const down = async () => Promise.reject(new Error('redis is down'))
    for (const jwks of [
      { get: down, set: down },
      { get: () => ({ at: { toString: 1 }, keys: [] }), set: down },
    ]) {
      const { fetch, sent } = answering({ body: { keys: [] } })
      expect(
        await errorOf(async () => verifyMlDsaIdToken(config, await token(zeros), {}, { fetch, jwks })),
      ).toMatchObject({ code: 'token_invalid', check: 'key' })
      expect(sent).toHaveLength(1)
    }
  })

  it.each([[[]], [['EdDSA']], [['none']], ['ML-DSA-44'], [[null]], [[{ toString: 1 }]]])(
    'is not checked by the list %j',
    async (list) => {
      const call = async () => verifyMlDsaIdToken(config, await token(zeros), { algs: list as never })
      expect(await errorOf(call)).toMatchObject({ code: 'argument_invalid', argument: 'algs' })
    },
  )

  it('is refused without a key of its own algorithm that is public and for signatures', async () => {
    const good = { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' }
    for (const keys of [
      [],
      [good, good],
      [{ ...good, alg: 'ML-DSA-65' }],
      [{ ...good, alg: undefined }],
      [{ ...good, kty: 'OKP', crv: 'Ed25519' }],
      [{ ...good, kty: { toString: 1 } }],
      [{ ...good, alg: { toString: 1 } }],
      [{ ...good, use: 'enc' }],
      [{ ...good, key_ops: ['sign'] }],
      [{ ...good, priv: 'AAAA' }],
      [{ ...good, kid: 'other' }],
    ].map((set) => set.map((key) => ({ kid: 'ML-DSA-44', ...key })))) {
      const { fetch } = answering({ body: { keys } })
      const idToken = await token(zeros, claims, { alg: 'ML-DSA-44', kid: 'ML-DSA-44' })
      expect(await errorOf(() => verifyMlDsaIdToken(config, idToken, {}, { fetch }))).toMatchObject({ check: 'key' })
    }
  })

  it.runIf(!known)('is told from a bad one where the runtime does not know the algorithm', async () => {
    const { fetch } = answering({ body: { keys: [{ kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' }] } })
    expect(await errorOf(async () => verifyMlDsaIdToken(config, await token(zeros), {}, { fetch }))).toMatchObject({
      code: 'unsupported_runtime',
      missing: 'crypto.subtle',
      message: expect.stringContaining('ML-DSA-44'),
    })
  })
})

describe.runIf(known)('where the runtime knows ML-DSA', () => {
  let pairs: Record<MlDsaAlg, Pair>
  let other: Pair
  beforeAll(async () => {
    const [one, two, three, more] = await Promise.all([...algs, 'ML-DSA-44' as const].map(pair))
    pairs = { 'ML-DSA-44': one!, 'ML-DSA-65': two!, 'ML-DSA-87': three! }
    other = more!
  })
  const served = () => answering({ body: { keys: Object.values(pairs).map(({ jwk }) => jwk) } })
  const verify = async (idToken: string, expected: ExpectedMlDsaIdToken = {}, more: object = {}) =>
    verifyMlDsaIdToken(config, idToken, { nonce: 'n', ...expected }, { ...served(), now: now * 1000, ...more })

  it.each(algs)('%s is taken, and only its own key, and every bit of what is signed', async (alg) => {
    const header = { alg, kid: alg, typ: 'JWT' }
    const idToken = await token(pairs[alg].sign, claims, header)
    expect(await verify(idToken)).toEqual(claims)
    expect(await verify(idToken, { algs: [alg] })).toEqual(claims)
    const [head, , signature] = idToken.split('.')
    const forged = [
      `${head}.${part({ ...claims, sub: 'mallory' })}.${signature}`,
      `${part({ ...header, typ: 'jwt' })}.${part(claims)}.${signature}`,
      `${head}.${part(claims)}.${Buffer.alloc(Buffer.from(signature!, 'base64url').length).toString('base64url')}`,
      `${head}.${part(claims)}.AAAA`,
    ]
    for (const one of forged) expect(await errorOf(() => verify(one))).toMatchObject({ check: 'signature' })
  })

  it.each(algs)('%s has the same verdicts from oauth4webapi', async (alg) => {
    const at = Math.floor(Date.now() / 1000)
    const payload = { ...claims, iat: at, exp: at + 60, at_hash: half('at') }
    const good = await token(pairs[alg].sign, payload, { alg, kid: alg })
    const forged = good.replace(/\.[^.]+\./, `.${part({ ...payload, sub: 'mallory' })}.`)
    const theirs = async (id_token: string) => {
      const as = {
        issuer: config.issuer,
        jwks_uri: config.endpoints.jwks,
        token_endpoint: 'https://id.example.com/token',
      }
      const client = { client_id: 'app', id_token_signed_response_alg: alg }
      const answer = Response.json({ access_token: 'at', token_type: 'bearer', id_token })
      await oauth.processAuthorizationCodeResponse(as, client, answer, { expectedNonce: 'n', requireIdToken: true })
      const options = { [oauth.customFetch]: served().fetch as never }
      await oauth.validateApplicationLevelSignature(as, answer, options)
    }
    const verdict = async (work: Promise<unknown>) =>
      work.then(
        () => true,
        () => false,
      )
    const ours = async (idToken: string) => verify(idToken, { accessToken: 'at' }, { now: undefined })
    for (const [idToken, expected] of [
      [good, true],
      [forged, false],
    ] as const)
      expect([await verdict(ours(idToken)), await verdict(theirs(idToken))]).toEqual([expected, expected])
  })

  it('another key of the same algorithm, or a key that is none, is refused', async () => {
    const idToken = await token(other.sign)
    expect(await errorOf(() => verify(idToken))).toMatchObject({ check: 'signature' })
    const { fetch } = answering({ body: { keys: [{ kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' }] } })
    expect(await errorOf(() => verify(idToken, {}, { fetch }))).toMatchObject({ check: 'key' })
  })

  it.each<[string, object, object]>([
    ['another issuer', { iss: 'https://evil.example' }, { check: 'iss' }],
    ['another audience', { aud: 'other' }, { check: 'aud' }],
    ['no subject', { sub: undefined }, { check: 'sub' }],
    ['a token of the past', { exp: now - 31 }, { check: 'exp' }],
    ['another nonce', { nonce: 'm' }, { check: 'nonce' }],
    ['an access token', { scope: 'openid' }, { check: 'purpose' }],
  ])('%s is refused as in any ID token', async (_, change, expected) => {
    const idToken = await token(pairs['ML-DSA-44'].sign, { ...claims, ...change })
    expect(await errorOf(() => verify(idToken))).toMatchObject(expected)
  })

  it('a type that is no text is refused, however deep it is nested', async () => {
    const { sign } = pairs['ML-DSA-44']
    for (const typ of ['['.repeat(5000) + ']'.repeat(5000), '["JWT"]', 'null']) {
      const head = Buffer.from(`{"alg":"ML-DSA-44","typ":${typ}}`).toString('base64url')
      const signed = `${head}.${part(claims)}`
      const idToken = `${signed}.${Buffer.from(await sign(signed)).toString('base64url')}`
      expect(await errorOf(() => verify(idToken))).toMatchObject({ code: 'token_invalid', check: 'typ' })
    }
  })

  it('hashes are those of SHAKE256, there in the front channel, and right', async () => {
    const all = { accessToken: 'at', code: 'c', state: 's' }
    const hashes = { at_hash: half('at'), c_hash: half('c'), s_hash: half('s') }
    const { sign } = pairs['ML-DSA-44']
    const hashed = await token(sign, { ...claims, ...hashes })
    expect(await verify(hashed, { ...all, frontChannel: true })).toMatchObject(hashes)
    for (const [argument, name] of [
      ['accessToken', 'at_hash'],
      ['code', 'c_hash'],
      ['state', 's_hash'],
    ])
      expect(await errorOf(() => verify(hashed, { ...all, [argument!]: 'other' }))).toMatchObject({ check: name })
    const bare = await token(sign)
    expect(await verify(bare, all)).toEqual(claims)
    expect(await errorOf(() => verify(bare, { ...all, frontChannel: true }))).toMatchObject({ check: 'at_hash' })
  })

  it('keys are kept in a store for 5 minutes, and asked for again for one that is not there, every 30 seconds', async () => {
    const jwks = new Map<string, unknown>()
    const { fetch, sent } = served()
    const idToken = await token(pairs['ML-DSA-44'].sign, { ...claims, exp: now + 3600 })
    const unknown = await token(other.sign, claims, { alg: 'ML-DSA-44', kid: 'new' })
    const at = (seconds: number) => ({ fetch, jwks, now: (now + seconds) * 1000 })
    for (const seconds of [0, 299]) await verify(idToken, {}, at(seconds))
    expect(sent).toHaveLength(1)
    await verify(idToken, {}, at(300))
    expect(sent).toHaveLength(2)
    for (const seconds of [301, 329]) await errorOf(() => verify(unknown, {}, at(seconds)))
    expect(sent).toHaveLength(2)
    await errorOf(() => verify(unknown, {}, at(330)))
    expect(sent).toHaveLength(3)
    // From the future, or no set at all.
    const [name] = [...jwks.keys()]
    for (const wrong of [{ at: now + 1e6, keys: [] }, { keys: [] }, 'x']) {
      jwks.set(name!, wrong)
      await verify(idToken, {}, at(331))
    }
    expect(sent).toHaveLength(6)
  })
})

import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { answering, errorOf } from '../test/answering.js'
import { verifyDpopRequest, type ExpectedDpopRequest } from './verifyDpopRequest.js'

const config = {
  appId: 'app',
  issuer: 'https://id.example.com',
  endpoints: { jwks: 'https://id.example.com/jwks' },
} as const
const server = await generateKeyPair('RS256')
const client = await generateKeyPair('ES256', { extractable: true })
const jwk = await exportJWK(client.publicKey)
const jkt = await calculateJwkThumbprint(jwk)
const now = Math.floor(Date.now() / 1000)
const url = 'https://api.example.com/orders'

const tokenWith = async (claims: JWTPayload = {}) =>
  new SignJWT({
    iss: config.issuer,
    aud: 'api',
    sub: 'u',
    client_id: 'app',
    jti: 't',
    iat: now,
    exp: now + 60,
    scope: 'a b',
    cnf: { jkt },
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 's', typ: 'at+jwt' })
    .sign(server.privateKey)
const token = await tokenWith()
const ath = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(token))).toString('base64url')
const base = { htm: 'GET', htu: url, iat: now, jti: 'p', ath }
interface Proof {
  readonly claims?: JWTPayload
  readonly header?: Record<string, unknown>
  readonly key?: CryptoKey
}
const proofOf = async ({ claims, header, key = client.privateKey }: Proof = {}) =>
  new SignJWT({ ...base, ...claims }).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header }).sign(key)

const keySet = async () => ({ body: { keys: [{ ...(await exportJWK(server.publicKey)), kid: 's' }] } })
const verify = async (headers: Record<string, string>, expected: Partial<ExpectedDpopRequest> = {}, address = url) => {
  const { fetch, sent } = answering(await keySet())
  try {
    const request = new Request(address, { headers })
    const claims = await verifyDpopRequest(
      config,
      request,
      { audience: 'api', profile: 'rfc9068', ...expected },
      { fetch },
    )
    return { claims, sent }
  } catch (error) {
    throw Object.assign(error as Error, { asked: sent.length })
  }
}
const authorization = `DPoP ${token}`
const es = await generateKeyPair('ES256')
const esJwk = await exportJWK(es.publicKey)
const privateJwk = await exportJWK(client.privateKey)

describe('verifyDpopRequest (RFC 9449 sections 4.3 and 7)', () => {
  it('gives the claims of a token whose proof fits the request, whatever its query', async () => {
    const { claims } = await verify({ authorization, dpop: await proofOf() }, { scope: 'a' }, `${url}?page=2`)
    expect(claims).toMatchObject({ sub: 'u', cnf: { jkt } })
  })

  it.each<[string, Proof, string]>([
    ['another method', { claims: { htm: 'POST' } }, 'htm'],
    ['another address', { claims: { htu: 'https://api.example.com/other' } }, 'htu'],
    ['another origin', { claims: { htu: 'https://evil.example/orders' } }, 'htu'],
    ['no address', { claims: { htu: undefined } }, 'htu'],
    ['another token', { claims: { ath: 'x'.repeat(43) } }, 'ath'],
    ['no token', { claims: { ath: undefined } }, 'ath'],
    ['no jti', { claims: { jti: undefined } }, 'jti'],
    ['an old proof', { claims: { iat: now - 200 } }, 'iat'],
    ['a proof of the future', { claims: { iat: now + 200 } }, 'iat'],
    ['no time', { claims: { iat: undefined } }, 'iat'],
    ['an expiry of its own that has passed', { claims: { exp: now - 40 } }, 'exp'],
    ['an expiry that is no time', { claims: { exp: null as never } }, 'exp'],
    ['a beginning that has not come', { claims: { nbf: now + 60 } }, 'nbf'],
    ['another typ', { header: { typ: 'jwt' } }, 'typ'],
    ['a private key in the header', { header: { jwk: privateJwk } }, 'key'],
    ['no key in the header', { header: { jwk: undefined } }, 'key'],
    ['a key of another kind', { header: { jwk: { kty: 'oct', k: 'AAAA' } } }, 'key'],
    ['another signature', { key: es.privateKey }, 'signature'],
    ['another key', { key: es.privateKey, header: { jwk: esJwk } }, 'cnf'],
  ])('refuses %s', async (_, proof, check) => {
    const dpop = await proofOf(proof)
    expect(await errorOf(async () => verify({ authorization, dpop }))).toMatchObject({ code: 'token_invalid', check })
  })

  it('asks nobody for a key before the proof holds', async () => {
    for (const header of [{ jwk: undefined }, { jwk: { kty: 'EC', crv: 'P-384', x: 'a', y: 'b' } }]) {
      const dpop = await proofOf({ header })
      expect(await errorOf(async () => verify({ authorization, dpop }))).toMatchObject({ check: 'key', asked: 0 })
    }
  })

  it('refuses bearer use, a missing proof, two proofs, and a token that is bound otherwise or not at all', async () => {
    const dpop = await proofOf()
    expect(await errorOf(async () => verify({ authorization: `Bearer ${token}`, dpop }))).toMatchObject({
      check: 'missing',
    })
    expect(await errorOf(async () => verify({ authorization }))).toMatchObject({ check: 'missing' })
    expect(await errorOf(async () => verify({ authorization, dpop: `${dpop}, ${dpop}` }))).toMatchObject({
      check: 'format',
    })
    // The last is bound to a certificate, too, which nobody has looked at.
    for (const cnf of [undefined, {}, { jkt: 'x' }, { jkt, 'x5t#S256': 'x' }]) {
      const other = await tokenWith({ cnf })
      const claims = {
        ath: Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(other))).toString('base64url'),
      }
      expect(
        await errorOf(async () => verify({ authorization: `DPoP ${other}`, dpop: await proofOf({ claims }) })),
      ).toMatchObject({ check: 'cnf' })
    }
  })

  it('never takes a symmetric or unlisted algorithm', async () => {
    const rs = await generateKeyPair('RS256')
    const dpop = await proofOf({ key: rs.privateKey, header: { alg: 'RS256', jwk: await exportJWK(rs.publicKey) } })
    expect(await errorOf(async () => verify({ authorization, dpop }))).toMatchObject({ check: 'alg' })
    const hs = await new SignJWT(base)
      .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk })
      .sign(new Uint8Array(32))
    expect(
      await errorOf(async () => verify({ authorization, dpop: hs }, { proofAlgs: ['HS256', 'ES256'] as never })),
    ).toMatchObject({ check: 'alg' })
  })

  it('asks for a nonce and for a proof that was not seen, when it is told to', async () => {
    const seen = new Set<string>()
    const expected = {
      nonce: (nonce?: string) => nonce === 'n',
      seen: (jti: string) => seen.size === seen.add(jti).size,
    }
    expect(await errorOf(async () => verify({ authorization, dpop: await proofOf() }, expected))).toMatchObject({
      check: 'nonce',
    })
    const dpop = await proofOf({ claims: { nonce: 'n' } })
    expect((await verify({ authorization, dpop }, expected)).claims.sub).toBe('u')
    expect(await errorOf(async () => verify({ authorization, dpop }, expected))).toMatchObject({ check: 'jti' })
  })

  it('names whole seconds to remember a proof for, whatever its time is: stores take no others', async () => {
    const until: number[] = []
    const iat = now - 0.5
    const dpop = await proofOf({ claims: { iat } })
    await verify({ authorization, dpop }, { seen: (_: string, exp: number) => until.push(exp) < 0 })
    expect(until).toEqual([Math.ceil(iat + 90)])
  })

  it('takes the address that the client called, where a proxy changed it', async () => {
    const headers = { authorization, dpop: await proofOf() }
    expect((await verify(headers, { url }, 'http://10.0.0.1/inner')).claims.sub).toBe('u')
    expect(await errorOf(async () => verify(headers, {}, 'http://10.0.0.1/inner'))).toMatchObject({ check: 'htu' })
  })

  it.each<[string, Proof]>([
    ['a good proof', {}],
    ['another method', { claims: { htm: 'POST' } }],
    ['another token', { claims: { ath: 'x' } }],
    ['another key', { key: es.privateKey, header: { jwk: esJwk } }],
    ['another signature', { key: es.privateKey }],
  ])('says of %s what oauth4webapi says', async (_, proof) => {
    const headers = { authorization, dpop: await proofOf(proof) }
    const told = async (work: Promise<unknown>) =>
      work.then(
        () => true,
        () => false,
      )
    const { fetch } = answering(await keySet())
    const as = { issuer: config.issuer, jwks_uri: config.endpoints.jwks }
    const theirs = await told(
      oauth.validateJwtAccessToken(as, new Request(url, { headers }), 'api', { [oauth.customFetch]: fetch as never }),
    )
    expect(await told(verify(headers))).toBe(theirs)
  })
})

import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, EmbeddedJWK, jwtVerify, type JWK } from 'jose'
import { DPoP, generateKeyPair } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { errorOf } from '../test/answering.js'
import { createDpop, type DpopOptions } from './createDpop.js'
import type { Prover } from './internal/prover.js'
import type { DpopKeyPair } from './types.js'

const config = { appId: 'app', appHost: 'https://sample-app.genauth.ai' } as const
const url = new URL('https://api.example.com/orders?page=1#top')
const now = 1_700_000_000
const create = async (pair?: DpopKeyPair, options?: DpopOptions) =>
  (await createDpop(config, pair, options)) as unknown as Prover & { calculateThumbprint(): Promise<string> }
const proofOf = async (handle: Prover, address = url, method = 'GET', token?: string): Promise<string> => {
  const headers = new Headers()
  await handle.addProof(address, headers, method, token)
  return headers.get('dpop')!
}
const nonceFor = (handle: Prover, address: string, nonce?: string) =>
  handle.cacheNonce({ headers: new Headers(nonce === undefined ? {} : { 'dpop-nonce': nonce }) }, new URL(address))

describe('a DPoP proof (RFC 9449 section 4.2)', () => {
  it.each(['ES256', 'PS256', 'Ed25519'] as const)('by %s says what a proof of oauth4webapi says', async (alg) => {
    const pair = await generateKeyPair(alg)
    const ours = await create(pair)
    const theirs = DPoP({}, pair) as typeof ours
    for (const handle of [ours, theirs]) nonceFor(handle, url.href, 'the-nonce')
    const proofs = await Promise.all([ours, theirs].map(async (handle) => proofOf(handle, url, 'POST', 'the-token')))
    const [one, two] = proofs.map((proof) => {
      const { jti, iat, ...claims } = decodeJwt(proof)
      expect(jti).toMatch(/^[\w-]{43}$/)
      expect(Math.abs(iat! - Date.now() / 1000)).toBeLessThan(5)
      return [decodeProtectedHeader(proof), claims]
    })
    expect(one).toEqual(two)
    expect(one![1]).toMatchObject({ htm: 'POST', htu: 'https://api.example.com/orders', nonce: 'the-nonce' })
    expect(one![1]).toHaveProperty('ath')
    const { protectedHeader } = await jwtVerify(proofs[0]!, EmbeddedJWK, { typ: 'dpop+jwt' })
    const jkt = await calculateJwkThumbprint(protectedHeader.jwk as JWK)
    expect(await ours.calculateThumbprint()).toBe(jkt)
    expect(await theirs.calculateThumbprint()).toBe(jkt)
  })

  it('is another one for each request, by the given clock', async () => {
    const handle = await create(undefined, { now: now * 1000 + 999 })
    const claims = (await Promise.all([1, 2, 3].map(async () => proofOf(handle)))).map((proof) => decodeJwt(proof))
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(3)
    for (const { iat, ath, nonce } of claims) expect([iat, ath, nonce]).toEqual([now, undefined, undefined])
  })

  it('shows the public key and nothing else of it, and a pair that is made here gives no private key away', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true })
    const { jwk } = decodeProtectedHeader(await proofOf(await create(pair)))
    expect(Object.keys(jwk as object).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(JSON.stringify(await create(pair))).toBe('{}')
  })

  it.each([
    ['ES256', 'ES256'],
    ['PS256', 'PS256'],
    ['Ed25519', 'Ed25519'],
    [undefined, 'ES256'],
  ] as const)('has a key for %s when that is asked for', async (alg, expected) => {
    const proof = await proofOf(await create(undefined, { alg }))
    expect(decodeProtectedHeader(proof).alg).toBe(expected)
    await jwtVerify(proof, EmbeddedJWK)
  })
})

describe('the nonces of servers (RFC 9449 section 8.2)', () => {
  const nonceOf = async (handle: Prover, address: string) => decodeJwt(await proofOf(handle, new URL(address))).nonce

  it('are kept for each origin, the newest', async () => {
    const handle = await create()
    nonceFor(handle, 'https://a.example/1', 'a1')
    nonceFor(handle, 'https://b.example/1', 'b1')
    nonceFor(handle, 'https://a.example/2', 'a2')
    nonceFor(handle, 'https://a.example/3')
    expect(await nonceOf(handle, 'https://a.example/4')).toBe('a2')
    expect(await nonceOf(handle, 'https://b.example/')).toBe('b1')
    expect(await nonceOf(handle, 'https://a.example:8443/')).toBeUndefined()
    expect(await nonceOf(await create(), 'https://a.example/')).toBeUndefined()
  })

  it('are kept for the hundred origins that were heard of last', async () => {
    const handle = await create()
    for (let at = 0; at < 100; at++) nonceFor(handle, `https://h${at}.example/`, 'n')
    nonceFor(handle, 'https://h0.example/', 'again')
    nonceFor(handle, 'https://h100.example/', 'n')
    const kept = async (at: number) => nonceOf(handle, `https://h${at}.example/`)
    expect([await kept(0), await kept(1), await kept(2), await kept(100)]).toEqual(['again', undefined, 'n', 'n'])
  })
})

describe('a pair', () => {
  it('that can not sign, or whose public key can not be shown, is refused', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const hidden = await crypto.subtle.importKey(
      'jwk',
      await crypto.subtle.exportKey('jwk', publicKey),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    )
    for (const pair of [
      { privateKey, publicKey: hidden },
      // Exported, it would be the private key.
      { privateKey, publicKey: privateKey },
      { privateKey: publicKey, publicKey },
      { privateKey },
      { publicKey },
      {},
      'pair',
    ])
      expect(await errorOf(() => createDpop(config, pair as never))).toMatchObject({
        code: 'argument_invalid',
        argument: 'keyPair',
      })
  })

  it('is made by the three algorithms only, for a config that is one', async () => {
    for (const alg of ['HS256', 'RS256', 'none', '__proto__', 'constructor', null])
      expect(await errorOf(() => createDpop(config, undefined, { alg: alg as never }))).toMatchObject({
        argument: 'alg',
      })
    expect(await errorOf(() => createDpop({ ...config, appId: '' }))).toMatchObject({ code: 'config_invalid' })
  })
})

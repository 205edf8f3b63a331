import { generateKeyPairSync } from 'node:crypto'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { PrivateKeyJwt as theirs } from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { errorOf } from '../../test/answering.js'
import { signer } from './signer.js'

const rsa = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
const make = async (algorithm: object | string, extractable = false): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(algorithm as EcKeyGenParams, extractable, ['sign', 'verify'])
const cases: [string, object | string][] = [
  ...[256, 384, 512].flatMap((bits): [string, object][] => [
    [`RS${bits}`, { name: 'RSASSA-PKCS1-v1_5', hash: `SHA-${bits}`, ...rsa }],
    [`PS${bits}`, { name: 'RSA-PSS', hash: `SHA-${bits}`, ...rsa }],
    [`ES${bits}`, { name: 'ECDSA', namedCurve: `P-${bits == 512 ? 521 : bits}` }],
  ]),
  ['Ed25519', 'Ed25519'],
]

describe('a JWT that the client signs', () => {
  it.each(cases)('has %s as the algorithm of such a key, as oauth4webapi has it, and verifies', async (alg, how) => {
    const { privateKey: key, publicKey } = await make(how)
    const jwt = await signer({ key, kid: 'the-kid' })({ sub: 'ä', nothing: undefined }, { typ: 'x' })
    const { payload, protectedHeader } = await jwtVerify(jwt, publicKey)
    expect(payload).toEqual({ sub: 'ä' })
    expect(protectedHeader).toEqual({ alg, kid: 'the-kid', typ: 'x' })
    const body = new URLSearchParams()
    await theirs({ key, kid: 'the-kid' })({ issuer: 'i' }, { client_id: 'c' }, body, new Headers())
    expect(decodeProtectedHeader(body.get('client_assertion')!)).toEqual({ alg, kid: 'the-kid' })
    expect(decodeProtectedHeader(await signer(key)({}))).toEqual({ alg })
  })

  it('may call an Ed25519 key by its older name, and no other key so', async () => {
    const { privateKey: key, publicKey } = await make('Ed25519')
    const jwt = await signer({ key, kid: 'one', alg: 'EdDSA' })({ sub: 'x' })
    const { protectedHeader } = await jwtVerify(jwt, publicKey, { algorithms: ['EdDSA'] })
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: 'one' })
  })

  let keys: Record<string, unknown>
  beforeAll(async () => {
    const { privateKey, publicKey } = await make({ name: 'ECDSA', namedCurve: 'P-256' })
    const weak = await make({ name: 'RSA-PSS', hash: 'SHA-256', ...rsa, modulusLength: 1024 })
    const old = await make({ name: 'RSA-PSS', hash: 'SHA-1', ...rsa })
    const secret = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    const agreeing = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
    keys = {
      'a public key': publicKey,
      'a pair': { privateKey, publicKey },
      'an RSA key of 1024 bits': weak.privateKey,
      'a key for SHA-1': old.privateKey,
      'a secret': secret,
      'a key for agreement': agreeing.privateKey,
      'a kid that is no text': { key: privateKey, kid: 5 },
      'an alg that is not the key’s': { key: privateKey, alg: 'EdDSA' },
      'a JWK': await crypto.subtle.exportKey('jwk', publicKey),
      'a key of node:crypto': generateKeyPairSync('ed25519').privateKey,
      'a PEM': '-----BEGIN PRIVATE KEY-----',
      null: null,
      nothing: undefined,
      'a key that is null': { key: null },
    }
  })
  it.each([
    'a public key',
    'a pair',
    'an RSA key of 1024 bits',
    'a key for SHA-1',
    'a secret',
    'a key for agreement',
    'a kid that is no text',
    'an alg that is not the key’s',
    'a JWK',
    'a key of node:crypto',
    'a PEM',
    'null',
    'nothing',
    'a key that is null',
  ])('is not signed with %s', async (name) => {
    expect(Object.keys(keys)).toContain(name)
    expect(await errorOf(() => signer(keys[name] as never))).toMatchObject({
      code: 'argument_invalid',
      argument: 'key',
    })
  })
})

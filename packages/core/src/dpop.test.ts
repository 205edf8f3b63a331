import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { failure, leaks } from '../../../tests/support/failure.js'
import { fakeFetch, json, type Call } from '../../../tests/support/tokens.js'
import { ask, type Question } from './ask.js'
import { authenticate } from './authenticate.js'
import type { Config, DpopHandle, TokenConfig } from './types.js'

const url = new URL('https://id.example.com/token?tenant=1')
const config = { appId: 'app', issuer: 'https://id.example.com' } as Config
const challenge = (nonce?: string, status = 400) =>
  json({ error: 'use_dpop_nonce' }, status, nonce === undefined ? {} : { 'dpop-nonce': nonce })
const proof = (call: Call | undefined) => decodeJwt(call?.headers['dpop'] ?? '')

describe('a DPoP handle of oauth4webapi', () => {
  let keys: oauth.CryptoKeyPair
  beforeAll(async () => {
    keys = await oauth.generateKeyPair('ES256', { extractable: true })
  })
  const handle = (): DpopHandle => oauth.DPoP({}, keys)
  const run = async (answers: (call: Call, n: number) => unknown, question?: () => Question | Promise<Question>) => {
    let n = 0
    const { fetch, calls } = fakeFetch((call) => answers(call, n++))
    const asked = question ?? (() => ({ form: new URLSearchParams({ grant_type: 'x' }) }))
    const result = ask(config, 'token', url, asked, { fetch, dpop: handle() }, (body) => body)
    return { calls, result: await result.catch((error: unknown) => error) }
  }

  it('proves each request with a proof of its own [K98]', async () => {
    const { calls, result } = await run(() => ({ a: 1 }))
    expect(result).toEqual({ a: 1 })
    expect(calls).toHaveLength(1)
    expect(decodeProtectedHeader(calls[0]?.headers['dpop'] ?? '')).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256' })
    expect(proof(calls[0])).toMatchObject({ htm: 'POST', htu: 'https://id.example.com/token' })
    expect(proof(calls[0])).not.toHaveProperty('nonce')
  })

  it('names its token by the scheme DPoP, and its hash in the proof [K98]', async () => {
    const { calls } = await run(
      () => ({ a: 1 }),
      () => ({ token: 'a-token' }),
    )
    expect(calls[0]?.headers['authorization']).toBe('DPoP a-token')
    expect(proof(calls[0])).toMatchObject({ htm: 'GET', ath: expect.any(String) })
  })

  it('answers a challenge once, with a fresh proof that has the nonce [K99]', async () => {
    const { calls, result } = await run((_, n) => (n ? { a: 1 } : challenge('nonce-1')))
    expect(result).toEqual({ a: 1 })
    expect(calls).toHaveLength(2)
    expect(proof(calls[1])['nonce']).toBe('nonce-1')
    expect(proof(calls[1]).jti).not.toBe(proof(calls[0]).jti)
  })

  it.each([
    ['the server never has enough', (_: Call, n: number) => challenge(`nonce-${n}`)],
    ['the challenge has no nonce', () => challenge()],
    ['it is told with 401', (_: Call, n: number) => challenge(`nonce-${n}`, 401)],
  ])('asks twice and no more when %s [K99]', async (_, answers) => {
    const { calls, result } = await run(answers)
    expect(calls).toHaveLength(2)
    expect(result).toMatchObject({ code: 'endpoint_error', error: 'use_dpop_nonce' })
  })

  it('is challenged by a resource in its header alone (RFC 9449 section 9) [K99]', async () => {
    const answer = () =>
      new Response('', {
        status: 401,
        headers: { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'nonce-1' },
      })
    const { calls, result } = await run(
      (_, n) => (n ? { sub: 'user' } : answer()),
      () => ({ token: 'a-token' }),
    )
    expect(result).toEqual({ sub: 'user' })
    expect(proof(calls[1])['nonce']).toBe('nonce-1')
  })

  it('takes the newest nonce of any answer into the next call', async () => {
    const dpop = handle()
    const { fetch, calls } = fakeFetch(() => json({ a: 1 }, 200, { 'dpop-nonce': 'newest' }))
    const once = () =>
      ask(
        config,
        'token',
        url,
        () => ({ form: new URLSearchParams() }),
        { fetch, dpop },
        (body) => body,
      )
    await once()
    await once()
    expect(proof(calls[1])['nonce']).toBe('newest')
  })

  it('is not asked for a second try after any other error [R9]', async () => {
    for (const answer of [
      json({ error: 'invalid_grant' }, 400, { 'dpop-nonce': 'n' }),
      json('x', 503),
      json({ error: 'invalid_dpop_proof' }, 400),
    ]) {
      const { calls } = await run(() => answer)
      expect(calls).toHaveLength(1)
    }
  })

  it('comes with a fresh client assertion at the second try [R9]', async () => {
    const { privateKey } = await oauth.generateKeyPair('ES256')
    const own = { ...config, tokenEndpointAuthMethod: oauth.PrivateKeyJwt(privateKey) } as TokenConfig
    const { calls } = await run(
      (_, n) => (n ? { a: 1 } : challenge('nonce-1')),
      async () => {
        const form = new URLSearchParams({ grant_type: 'x' })
        return { form, ...(await authenticate(own, 'token', url, form)) }
      },
    )
    const [first, second] = calls.map(({ form }) => form.get('client_assertion') ?? '')
    expect(decodeJwt(first ?? '').jti).not.toBe(decodeJwt(second ?? '').jti)
  })

  it('keeps the proof and the token out of an error that repeats them [O123]', async () => {
    const { calls, result } = await run(
      ({ headers }) => json({ error: 'invalid_token', error_description: JSON.stringify(headers) }, 401),
      () => ({ token: 'marked-token-5f' }),
    )
    expect(result).toMatchObject({ code: 'endpoint_error' })
    expect(leaks(result, ['marked-token-5f', calls[0]?.headers['dpop'] ?? 'none'])).toEqual([])
  })
})

describe('what is no DPoP handle', () => {
  it.each([
    ['an empty object', {}],
    ['a string', 'dpop'],
    ['a number', 5],
    ['one that throws', { addProof: () => Promise.reject(new Error('marked-private-key')), cacheNonce: () => {} }],
    [
      'one that throws at once',
      {
        addProof: () => {
          throw new Error('marked-private-key')
        },
        cacheNonce: () => {},
      },
    ],
  ])('ends in a typed error, and nothing is sent: %s', async (_, dpop) => {
    const { fetch, calls } = fakeFetch(() => ({}))
    const error = await failure(() =>
      ask(config, 'token', url, () => ({ form: new URLSearchParams() }), { fetch, dpop: dpop as never }),
    )
    expect(error).toMatchObject({ code: 'argument_invalid', argument: 'dpop' })
    expect(leaks(error, ['marked-private-key'])).toEqual([])
    expect(calls).toHaveLength(0)
  })

  it('may keep no nonces, or fail to', async () => {
    const { fetch } = fakeFetch(() => ({ a: 1 }))
    const addProof = () => Promise.resolve()
    const cacheNonce = () => {
      throw new Error('marked-private-key')
    }
    for (const dpop of [{ addProof }, { addProof, cacheNonce }] as never[])
      expect(
        await ask(
          config,
          'token',
          url,
          () => ({ token: 'a' }),
          { fetch, dpop },
          (body) => body,
        ),
      ).toEqual({ a: 1 })
  })
})

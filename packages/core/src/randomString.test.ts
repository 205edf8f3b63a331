import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { clock } from './clock.js'
import { equal } from './equal.js'
import { fromBase64url } from './fromBase64url.js'
import { isObject } from './isObject.js'
import { knownAlg } from './knownAlg.js'
import { randomString } from './randomString.js'
import { sha } from './sha.js'
import { toBase64url } from './toBase64url.js'
import { toBytes } from './toBytes.js'

afterEach(() => void vi.unstubAllGlobals())

describe('a random string', () => {
  it('is 256 bits in 43 characters of base64url [R1]', () => {
    expect(randomString()).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const every = Array.from({ length: 256 }, (_, bit) =>
      randomString({ random: (b) => (b[bit >> 3] = 1 << (bit & 7)) }),
    )
    expect(new Set(every).size).toBe(256)
  })

  it('comes from crypto.getRandomValues [R1]', () => {
    vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes.fill(1) })
    expect(randomString()).toBe(Buffer.alloc(32, 1).toString('base64url'))
  })

  it('is not made at all where there is no randomness [R1]', async () => {
    vi.stubGlobal('crypto', undefined)
    expect((await failure(() => randomString(), 'unsupported_runtime')).missing).toBe('crypto.getRandomValues')
    vi.stubGlobal('crypto', {})
    expect((await failure(() => randomString(), 'unsupported_runtime')).missing).toBe('crypto.getRandomValues')
    expect(randomString({ random: (bytes) => bytes.fill(2) })).toHaveLength(43)
  })

  it('is not made of bytes that a function made, but did not fill [R1]', async () => {
    const random = (bytes: Uint8Array) => crypto.getRandomValues(new Uint8Array(bytes.length))
    await failure(() => randomString({ random }), 'unsupported_runtime')
  })
})

describe('a digest', () => {
  it.each([
    [256, 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0'],
    ['384', 'ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP_W-2AhgcroefMI1i67KE0yCWn'],
  ])('of SHA-%s is that of FIPS 180', async (bits, digest) => {
    expect(toBase64url(await sha('abc', bits))).toBe(digest)
  })

  it('needs WebCrypto, and says so', async () => {
    vi.stubGlobal('crypto', {})
    expect((await failure(() => sha('abc'), 'unsupported_runtime')).missing).toBe('crypto.subtle')
  })
})

describe('base64url', () => {
  it('goes there and back for any bytes', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = toBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect([...toBytes(fromBase64url(text)!)]).toEqual([...bytes])
        expect(toBase64url(new Uint8Array(bytes).buffer)).toBe(text)
      }),
    ))

  it.each(['YQ==', 'YQ=', 'YR', 'Y', 'Y Q', 'YQ\n', '\tYQ', '+/+/', 'YQ.', 'ä', 'YWI=', 'YWJj='])(
    'is read strictly: %j is refused [D52]',
    (text) => {
      expect(fromBase64url(text)).toBeUndefined()
    },
  )

  it('has one spelling for each value', () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('AZaz09-_+/= \n')), maxLength: 12 }), (text) => {
        const read = fromBase64url(text)
        expect(read === undefined || toBase64url(toBytes(read)) === text).toBe(true)
      }),
      { numRuns: 1000 },
    ))
})

describe('equal', () => {
  it('is true for the same string only, and for strings only [O126]', () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.anything(), (a, b, other) => {
        expect(equal(a, ['', a].join(''))).toBe(true)
        expect(equal(a, b)).toBe(a === b)
        expect(equal(a, `${a}x`)).toBe(false)
        expect(equal(other, other)).toBe(typeof other === 'string')
      }),
    ))

  it('sees every one-character change', () => {
    const state = 'n-0S6_WzA2MjVnbmNlLW9mLTQz'
    for (let i = 0; i < state.length; i++)
      for (const other of ['x', '\0', String.fromCharCode(state.charCodeAt(i) ^ 1)])
        expect(equal(`${state.slice(0, i)}${other}${state.slice(i + 1)}`, state)).toBe(false)
  })

  it('never takes undefined for undefined [R11]', () => {
    expect(equal(undefined, undefined)).toBe(false)
    expect(equal(null, null)).toBe(false)
    expect(equal('', '')).toBe(true)
  })
})

describe('the clock', () => {
  it('is given in milliseconds, as a number or a function, and read in seconds', () => {
    expect(clock({ now: 1_615_883_588_500 })).toBe(1_615_883_588.5)
    expect(clock({ now: () => 2000 })).toBe(2)
    expect(clock({ now: 0 })).toBe(0)
  })

  it.each([
    NaN,
    Infinity,
    '1800000000000',
    5n,
    {},
    Symbol('now'),
    () => undefined,
    () => NaN,
    () => Promise.resolve(0),
  ])('is refused when it gives no time, rather than to let checks pass: %s [R10]', async (now) => {
    expect((await failure(() => clock({ now: now as never }), 'argument_invalid')).argument).toBe('now')
  })

  it("is the system's own otherwise", () => {
    for (const options of [undefined, {}, { now: undefined }])
      expect(Math.abs(clock(options) - Date.now() / 1000)).toBeLessThan(1)
  })
})

describe('small judges', () => {
  it('know an object from all else that JSON has', () => {
    expect([{}, { a: 1 }].every(isObject)).toBe(true)
    expect([null, [], 'a', 5, true, undefined].some(isObject)).toBe(false)
  })

  it('know the algorithms that can be checked, and never none [D44]', () => {
    const known = 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ')
    expect(known.every(knownAlg)).toBe(true)
    for (const alg of [
      'none',
      'None',
      'nOnE',
      'NONE',
      '',
      'HS1',
      'rs256',
      'ES256K',
      'RS256 ',
      'RSA-OAEP',
      'Ed448',
      null,
      ['RS256'],
    ])
      expect(knownAlg(alg)).toBe(false)
  })
})

import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { generateCodeChallenge } from './generateCodeChallenge.js'
import { generateCodeVerifier } from './generateCodeVerifier.js'

describe('generateCodeVerifier', () => {
  it('matches the grammar of RFC 7636 at every length that it allows [J91]', () => {
    for (let length = 43; length <= 128; length++)
      expect(generateCodeVerifier(length)).toMatch(new RegExp(`^[A-Za-z0-9._~-]{${length}}$`))
  })

  it('has 43 characters unless another length is asked for', () => {
    expect(generateCodeVerifier()).toHaveLength(43)
    expect(generateCodeVerifier(undefined)).toHaveLength(43)
  })

  it('is never the same twice [J91]', () => {
    const many = Array.from({ length: 20_000 }, () => generateCodeVerifier())
    expect(new Set(many).size).toBe(many.length)
  })

  it('carries all 256 bits of its randomness [R1]', () => {
    const flips = Array.from({ length: 256 }, (_, bit) =>
      generateCodeVerifier(43, { random: (bytes) => (bytes[bit >> 3] = 1 << (bit & 7)) }),
    )
    expect(new Set(flips).size).toBe(256)
  })

  it('draws from crypto.getRandomValues and from nothing else [R1]', () => {
    const drawn: number[] = []
    vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => drawn.push(bytes.fill(255).length) })
    try {
      expect(generateCodeVerifier()).toBe('_'.repeat(43))
      expect(drawn).toHaveLength(1)
      expect(drawn[0]).toBeGreaterThanOrEqual(32)
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('refuses every length outside of 43 to 128 [J91]', () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .oneof(
            fc.integer(),
            fc.double(),
            fc.constantFrom(42, 129, 43.5, NaN, Infinity, '43', null, 43n, Symbol('43')),
          )
          .filter((length) => !(Number.isInteger(length) && (length as number) >= 43 && (length as number) <= 128)),
        async (length) => {
          const error = await failure(() => generateCodeVerifier(length as never), 'argument_invalid')
          expect(error.argument).toBe('length')
        },
      ),
      { numRuns: 200 },
    ))

  it('says what a runtime without randomness lacks', async () => {
    vi.stubGlobal('crypto', undefined)
    try {
      const error = await failure(() => generateCodeVerifier(), 'unsupported_runtime')
      expect(error.missing).toBe('crypto.getRandomValues')
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('also has the name of the other SDKs, though it gives the verifier', () => {
    expect(generateCodeChallenge).toBe(generateCodeVerifier)
  })
})
